"""The topic page of one reader, joined from strings: the posts are shared by all readers
(forum/topic_page/fragment_cache.py), the frame around them by all who can do the same here, and everything personal is
filled into slots."""

from collections.abc import Hashable
from datetime import datetime
from functools import cache
from html import escape
from threading import Lock
from typing import Any
from uuid import uuid4

from cachetools import LRUCache, cached
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from accounts.models import Person
from core.web import page_slots
from core.web.durations import time_left_until
from core.web.page_slots import Filler, PageFrame, Pieces, slot
from core.web.times import city, time_element
from forum.access import permissions
from forum.antispam import limits
from forum.antispam.honeypot import render_fields
from forum.composer.composer import Composer, render_draft_note, wants_to_confirm_new_replies
from forum.composer.contexts import ReplyContext
from forum.composer.forms import ReplyForm
from forum.drafts.store import ShownDraft
from forum.history.changes_since import url_since
from forum.models import Post, Topic
from forum.polls import polls as polls_polls
from forum.quotes.display import Quotes, revision_key
from forum.read_state.unread import ReadProgress, read_report_of, unread_on_page
from forum.topic_page.fragment_cache import Fragment, Key
from forum.topic_page.moderator_actions import actor_of
from forum.topic_page.open_reader import OpenReader
from forum.topic_page.page import TopicPage
from forum.topic_page.reader_marks import NO_MARKS, ReaderMarks
from forum.topic_page.staff_replies import NotesByPost, render_notes

CACHE_BYTES = 8_000_000  # bytes, about


def render_page(
    request: HttpRequest,
    page: TopicPage,
    fragment: Fragment,
    key: Key,
    reached: ReadProgress | None,
    on_posts: dict[int, ReaderMarks],
    quotes: Quotes,
    draft: ShownDraft | None = None,
    votes: frozenset[int] = frozenset(),
    staff_said: NotesByPost | None = None,
    waiting: str = "",
) -> str:
    """Returns the page. `key`: of the fragment; `on_posts`: the reader's marks; `quotes`: what they can see of the
    quotes in the posts; `votes`: the options that they voted for; `waiting`: the HTML of posts awaiting approval
    here."""
    around: PageFrame = import_string(settings.SURROUNDINGS)(request)
    token = _token_of(request)
    in_posts = {
        **_in_posts(request, fragment, reached, on_posts, quotes, token),
        **_in_poll(request, fragment, votes, token),
        "staff": lambda pk: render_notes(staff_said or {}, int(pk), request.user, token("")),
    }
    posts = page_slots.fill(fragment.with_actions_of(request.user), in_posts)
    own = {
        **_in_frame(request, posts, token),
        **around.fillers,
        **_in_composer(request, draft),
        "waiting": lambda _: waiting,
        "honeypot": lambda _: render_fields(request.user, request, draft),
        "limits": lambda _: limits.render_note(request.user, fragment.topic.section),
        "news": lambda _: _news(fragment, reached),
        "reading": lambda _: _reading(request, fragment, reached, token),
        "doer": in_posts["doer"],
    }
    return page_slots.fill(_frame(request, page, key, around.kind), own)


def clear_frames() -> None:
    cached_frame.cache_clear()


def _frame(request: HttpRequest, page: TopicPage, key: Key, around: Hashable) -> Pieces:
    """Returns the page without its posts. A page with messages is not cached."""
    reader = OpenReader(
        is_authenticated=request.user.is_authenticated,
        is_staff=request.user.is_staff,
        is_admin=getattr(request.user, "is_admin", False),
        is_suspended=getattr(request.user, "is_suspended", False),
        time_zone=slot("zone") if getattr(request.user, "time_zone", "") else "",
    )
    if request.COOKIES and len(get_messages(request)):
        return _render_frame(request, page, reader)
    instead = page.instead and (page.instead.pk, page.instead.version)
    # Time alone can close a topic or end a pin, without a new version.
    clock = (page.topic.is_closed, page.topic.is_pinned)
    kind = (*key, reader, page.acts, instead, around, clock)
    return cached_frame(kind, request, page, reader)


@cached(LRUCache(CACHE_BYTES, getsizeof=page_slots.size), key=lambda kind, *_: kind, lock=Lock())
def cached_frame(kind: Hashable, request: HttpRequest, page: TopicPage, reader: OpenReader) -> Pieces:
    return _render_frame(request, page, reader)


def _render_frame(request: HttpRequest, page: TopicPage, reader: OpenReader) -> Pieces:
    context = {
        "page": page,
        "topic": page.topic,
        "composer": _open_composer(page.topic) if "reply" in page.acts else None,
        "user": reader,
        "csrf_token": slot("csrf"),
        "here": slot("here"),
        "to_do": 0,  # slots in the bar; nothing is counted here
        "unread": 0,
        "told": 0,
    }
    with page_slots.leave_slots_open():
        html = render_to_string("forum/topic_page/topic.html", context, request)
    return page_slots.split(html)


def _open_composer(topic: Topic) -> Composer:
    """Returns a composer with slots for its text and its writer."""
    return Composer(
        ReplyContext(topic),
        ReplyForm(initial={"submission_key": slot("key"), "body": slot("begun")}),
        writer=slot("writer"),
        draft=slot("draft"),
        note=slot("draft_note"),
        seen=topic.last_position,
        look_first=slot("look_first"),
        honeypot=slot("honeypot"),
        limits=slot("limits"),
    )


def _in_composer(request: HttpRequest, draft: ShownDraft | None) -> dict[str, Filler]:
    return {
        "key": lambda _: str(uuid4()),
        "writer": lambda _: str(request.user.pk),
        "begun": lambda _: escape(draft.body) if draft else "",
        "draft": lambda _: str(draft.version if draft else 0),
        "draft_note": lambda _: render_draft_note(request, draft),
        "look_first": lambda _: " checked" if wants_to_confirm_new_replies(request) else "",
    }


def _in_posts(
    request: HttpRequest,
    fragment: Fragment,
    reached: ReadProgress | None,
    on_posts: dict[int, ReaderMarks],
    quotes: Quotes,
    token: Filler,
) -> dict[str, Filler]:
    begins = str(reached.first_unread_position(fragment.places)) if reached else ""
    removed = _removed_texts(request.user, fragment, quotes)
    changed = _changed_notes(request.user, fragment, reached, on_posts)
    return {
        "when": _when,
        "csrf": token,
        "new": lambda position: _unread_line(reached) if position == begins else "",
        "removed": lambda pk: removed.get(pk, ""),
        "quote": quotes.at,
        "changed": lambda pk: changed.get(pk, ""),
        "doer": _doer_for(request.user, fragment.topic),
        **_reader_actions(request.user, fragment, on_posts, token),
    }


def _doer_for(person: Person, topic: Topic) -> Filler:
    sees_names = permissions.is_staff_in(person, topic.section)

    def doer(fact: str) -> str:
        role, _, name = fact.partition(" ")
        return actor_of(name, role, sees_names=sees_names)

    return doer


def _reader_actions(
    person: Person, fragment: Fragment, on_posts: dict[int, ReaderMarks], token: Filler
) -> dict[str, Filler]:
    csrf = {"csrf": token}

    def act(name: str) -> Filler:
        return lambda pk: page_slots.fill(
            fragment.action_of_reader(name, int(pk), on_posts.get(int(pk), NO_MARKS)), csrf
        )

    return {
        "thank": act("thank"),
        "save": act("save"),
        "report": act("report"),
        "changed-thanked": lambda pk: fragment.changed_since(
            int(pk), on_posts.get(int(pk), NO_MARKS), person
        ),
        "history": lambda pk: fragment.history_link(int(pk), person),
    }


def _in_poll(
    request: HttpRequest, fragment: Fragment, votes: frozenset[int], token: Filler
) -> dict[str, Filler]:
    if fragment.poll is None:
        return {}
    original = fragment.posts[0]
    ballot = polls_polls.ballot(
        fragment.poll, original, request.user, votes
    )  # depends on the clock, so no fragment can hold it
    # A page for which a token was made is never cached, and guests have no button that needs one.
    return polls_polls.fillers(ballot, lambda: token(""))


def _in_frame(request: HttpRequest, posts: str, token: Filler) -> dict[str, Filler]:
    person = request.user
    return {
        "posts": lambda _: posts,
        "left": lambda moment: time_left_until(datetime.fromisoformat(moment)),
        "when": _when,
        "csrf": token,
        "name": lambda _: escape(person.get_username()),
        "profile": lambda _: person.get_absolute_url() if person.is_authenticated else "",
        "zone": lambda _: city(getattr(person, "time_zone", "")),
    }


def _token_of(request: HttpRequest) -> Filler:
    """Returns a filler with one token for all forms of a page, as in Django's templates: a token for each of forty
    forms took as long as everything else."""
    once = cache(lambda: get_token(request))
    return lambda _: once()


def _when(moment: str) -> str:
    return time_element(datetime.fromisoformat(moment))


def _unread_line(reached: ReadProgress | None) -> str:
    return render_to_string("forum/topic_page/unread_line.html", {"since": reached.since}) if reached else ""


def _changed_notes(
    person: Person, fragment: Fragment, reached: ReadProgress | None, on_posts: dict[int, ReaderMarks]
) -> dict[str, str]:
    notes: dict[str, str] = {}
    for post in fragment.posts:
        if on_posts.get(post.pk, NO_MARKS).thanked_earlier_revision(post):
            continue  # its note says the same
        if reached and (since := reached.read_before_edit(post, person)):
            may_read = permissions.can_read_history(person, post)
            shown = {
                "note": gettext("Changed since you read it"),
                "address": url_since(post, since) if may_read else "",
            }
            notes[str(post.pk)] = render_to_string("forum/topic_page/changed_since.html", shown)
    return notes


def _news(fragment: Fragment, reached: ReadProgress | None) -> str:
    news = reached and unread_on_page(fragment.topic, fragment.places, reached)
    return render_to_string("forum/topic_page/topic_unread.html", {"news": news}) if news else ""


def _reading(request: HttpRequest, fragment: Fragment, reached: ReadProgress | None, token: Filler) -> str:
    if reached is None:
        return ""
    reading = read_report_of(fragment.topic, fragment.posts, reached, request.user, reached.as_of)
    if reading is None:
        return ""
    return render_to_string("forum/topic_page/mark_read.html", {"reading": reading, "csrf_token": token("")})


def _removed_texts(person: Person, fragment: Fragment, quotes: Quotes) -> dict[str, str]:
    """Returns the removed posts that this person can still read, by post id; read from the database every time."""
    theirs = [pk for pk, post in fragment.removed.items() if permissions.can_read_text(person, post)]
    if not theirs:
        return {}
    texts: Any = Post.objects.visible_to(person).filter(pk__in=theirs).only("pk", "html", "version")
    shown = {str(post.pk): quotes.fill(revision_key(post), post.html) for post in texts}
    return {pk: render_to_string("forum/topic_page/removed_text.html", {"html": shown[pk]}) for pk in shown}
