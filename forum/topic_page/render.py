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
    progress: ReadProgress | None,
    marks: dict[int, ReaderMarks],
    quotes: Quotes,
    draft: ShownDraft | None = None,
    votes: frozenset[int] = frozenset(),
    staff_notes: NotesByPost | None = None,
    pending: str = "",
) -> str:
    """Returns the page. `key`: of the fragment; `marks`: the reader's marks; `quotes`: what they can see of the
    quotes in the posts; `votes`: the options that they voted for; `pending`: the HTML of posts awaiting approval
    here."""
    surroundings: PageFrame = import_string(settings.SURROUNDINGS)(request)
    token = _token_of(request)
    post_fillers = {
        **_post_fillers(request, fragment, progress, marks, quotes, token),
        **_poll_fillers(request, fragment, votes, token),
        "staff": lambda pk: render_notes(staff_notes or {}, int(pk), request.user, token("")),
    }
    posts = page_slots.fill(fragment.with_actions_of(request.user), post_fillers)
    fillers = {
        **_frame_fillers(request, posts, token),
        **surroundings.fillers,
        **_composer_fillers(request, draft),
        "pending": lambda _: pending,
        "honeypot": lambda _: render_fields(request.user, request, draft),
        "limits": lambda _: limits.render_note(request.user, fragment.topic.section),
        "unread_posts": lambda _: _unread_link(fragment, progress),
        "read_report": lambda _: _read_report(request, fragment, progress, token),
        "actor": post_fillers["actor"],
    }
    return page_slots.fill(_frame(request, page, key, surroundings.kind), fillers)


def clear_frames() -> None:
    cached_frame.cache_clear()


def _frame(request: HttpRequest, page: TopicPage, key: Key, frame_kind: Hashable) -> Pieces:
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
    related_topic = page.related_topic and (page.related_topic.pk, page.related_topic.version)
    # Time alone can close a topic or end a pin, without a new version.
    clock = (page.topic.is_closed, page.topic.is_pinned)
    kind = (*key, reader, page.acts, related_topic, frame_kind, clock)
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
        "unread_notices": 0,
    }
    with page_slots.leave_slots_open():
        html = render_to_string("forum/topic_page/topic.html", context, request)
    return page_slots.split(html)


def _open_composer(topic: Topic) -> Composer:
    """Returns a composer with slots for its text and its writer."""
    return Composer(
        ReplyContext(topic),
        ReplyForm(initial={"submission_key": slot("key"), "body": slot("draft_body")}),
        writer=slot("writer"),
        draft=slot("draft"),
        note=slot("draft_note"),
        seen=topic.last_position,
        look_first=slot("look_first"),
        honeypot=slot("honeypot"),
        limits=slot("limits"),
    )


def _composer_fillers(request: HttpRequest, draft: ShownDraft | None) -> dict[str, Filler]:
    return {
        "key": lambda _: str(uuid4()),
        "writer": lambda _: str(request.user.pk),
        "draft_body": lambda _: escape(draft.body) if draft else "",
        "draft": lambda _: str(draft.version if draft else 0),
        "draft_note": lambda _: render_draft_note(request, draft),
        "look_first": lambda _: " checked" if wants_to_confirm_new_replies(request) else "",
    }


def _post_fillers(
    request: HttpRequest,
    fragment: Fragment,
    progress: ReadProgress | None,
    marks: dict[int, ReaderMarks],
    quotes: Quotes,
    token: Filler,
) -> dict[str, Filler]:
    first_unread = str(progress.first_unread_position(fragment.post_positions)) if progress else ""
    removed = _removed_texts(request.user, fragment, quotes)
    changed_notes = _changed_notes(request.user, fragment, progress, marks)
    return {
        "when": _when,
        "csrf": token,
        "new": lambda position: _unread_line(progress) if position == first_unread else "",
        "removed": lambda pk: removed.get(pk, ""),
        "quote": quotes.at,
        "changed": lambda pk: changed_notes.get(pk, ""),
        "actor": _actor_filler(request.user, fragment.topic),
        **_reader_actions(request.user, fragment, marks, token),
    }


def _actor_filler(person: Person, topic: Topic) -> Filler:
    sees_names = permissions.is_staff_in(person, topic.section)

    def actor(value: str) -> str:
        role, _, name = value.partition(" ")
        return actor_of(name, role, sees_names=sees_names)

    return actor


def _reader_actions(
    person: Person, fragment: Fragment, marks: dict[int, ReaderMarks], token: Filler
) -> dict[str, Filler]:
    csrf = {"csrf": token}

    def action(name: str) -> Filler:
        return lambda pk: page_slots.fill(
            fragment.action_of_reader(name, int(pk), marks.get(int(pk), NO_MARKS)), csrf
        )

    return {
        "thank": action("thank"),
        "save": action("save"),
        "report": action("report"),
        "changed-thanked": lambda pk: fragment.changed_since(int(pk), marks.get(int(pk), NO_MARKS), person),
        "history": lambda pk: fragment.history_link(int(pk), person),
    }


def _poll_fillers(
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


def _frame_fillers(request: HttpRequest, posts: str, token: Filler) -> dict[str, Filler]:
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
    token = cache(lambda: get_token(request))
    return lambda _: token()


def _when(moment: str) -> str:
    return time_element(datetime.fromisoformat(moment))


def _unread_line(progress: ReadProgress | None) -> str:
    return (
        render_to_string("forum/topic_page/unread_line.html", {"since": progress.since}) if progress else ""
    )


def _changed_notes(
    person: Person, fragment: Fragment, progress: ReadProgress | None, marks: dict[int, ReaderMarks]
) -> dict[str, str]:
    notes: dict[str, str] = {}
    for post in fragment.posts:
        if marks.get(post.pk, NO_MARKS).thanked_earlier_revision(post):
            continue  # its note says the same
        if progress and (since := progress.read_before_edit(post, person)):
            may_read = permissions.can_read_history(person, post)
            context = {
                "note": gettext("Changed since you read it"),
                "address": url_since(post, since) if may_read else "",
            }
            notes[str(post.pk)] = render_to_string("forum/topic_page/changed_since.html", context)
    return notes


def _unread_link(fragment: Fragment, progress: ReadProgress | None) -> str:
    unread = progress and unread_on_page(fragment.topic, fragment.post_positions, progress)
    return render_to_string("forum/topic_page/topic_unread.html", {"unread": unread}) if unread else ""


def _read_report(
    request: HttpRequest, fragment: Fragment, progress: ReadProgress | None, token: Filler
) -> str:
    if progress is None:
        return ""
    report = read_report_of(fragment.topic, fragment.posts, progress, request.user, progress.as_of)
    if report is None:
        return ""
    return render_to_string("forum/topic_page/mark_read.html", {"report": report, "csrf_token": token("")})


def _removed_texts(person: Person, fragment: Fragment, quotes: Quotes) -> dict[str, str]:
    """Returns the removed posts that this person can still read, by post id; read from the database every time."""
    readable_ids = [pk for pk, post in fragment.removed.items() if permissions.can_read_text(person, post)]
    if not readable_ids:
        return {}
    posts: Any = Post.objects.visible_to(person).filter(pk__in=readable_ids).only("pk", "html", "version")
    texts = {str(post.pk): quotes.fill(revision_key(post), post.html) for post in posts}
    return {pk: render_to_string("forum/topic_page/removed_text.html", {"html": texts[pk]}) for pk in texts}
