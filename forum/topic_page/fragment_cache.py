"""The posts of one page of a topic, rendered once for all readers of a language and cached in this process.

A fragment depends on the topic's version and on the epoch; everything personal in it is a slot. It never contains the
text of a removed post: those who can still read it get it from the database.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from django.template.loader import render_to_string
from django.utils.translation import get_language

from accounts.models import Person, is_member
from core.web import page_slots
from core.web.page_slots import Pieces
from forum.access.permissions import can_read_history, can_reply, can_write, is_staff_in
from forum.models import Highlight, Post, Topic
from forum.polls.polls import ShownPoll, shown_poll
from forum.quotes.display import RevisionKey, has_quotes, revision_key, with_slots
from forum.read_state.unread import PostPosition
from forum.thanks.thank import thanked_by as who_thanks
from forum.topic_page.moderator_actions import ModeratorAction, actions_on, has_actions, load_rules
from forum.topic_page.moved_posts import moved_post_stubs
from forum.topic_page.page import PostLine, TopicPage, post_actions, topic_actions
from forum.topic_page.reader_marks import ReaderMarks, action_with_state, changed_since, history_link
from forum.web.pagination import Pages

CACHE_BYTES = 32_000_000  # bytes, about
BYTES_PER_POST = 4_500  # bytes of a post and its people without their texts, about
DEFERRED_FIELDS = [
    f"{who}__{what}" for who in ("author", "edited_by") for what in ("about", "about_html")
]  # not shown on this page
Key = tuple[int, int, int, int, str | None]  # topic, version, epoch, page, language


@dataclass(frozen=True)
class Fragment:
    key: Key
    topic: Topic
    number: int
    lines: list[PostLine]  # without the texts of their posts, which are in `pieces`
    highlights: list[Highlight]
    pieces: Pieces
    poll: ShownPoll | None  # without the names of voters, which are there too
    revisions_with_quotes: list[RevisionKey]  # texts with quotes, of removed posts too
    moderator_actions: list[ModeratorAction]
    is_recorded: bool
    _reader_actions: dict[tuple[str, int, bool], Pieces] = field(default_factory=dict)

    @cached_property
    def posts(self) -> list[Post]:
        return [line.post for line in self.lines]

    @property
    def post_positions(self) -> list[PostPosition]:
        return [PostPosition(post.position, post.posted_at, post.is_folded) for post in self.posts]

    @property
    def is_thanked(self) -> bool:
        return any(post.thanked for post in self.posts)

    @cached_property
    def _by_pk(self) -> dict[int, Post]:
        return {post.pk: post for post in self.posts}

    def action_of_reader(self, act: str, pk: int, marks: ReaderMarks) -> Pieces:
        """Returns the action on a post for a reader who has taken it, or for one who has not."""
        key = (act, pk, marks.is_done(act))
        if key not in self._reader_actions:
            button = action_with_state(act, self._by_pk[pk], marks, page_slots.slot("csrf"))
            self._reader_actions[key] = page_slots.split(button)
        return self._reader_actions[key]

    def changed_since(self, pk: int, marks: ReaderMarks, person: Person) -> str:
        may_read = can_read_history(person, self._by_pk[pk])
        return changed_since(self._by_pk[pk], marks, may_read_history=may_read)

    def history_link(self, pk: int, person: Person) -> str:
        post = self._by_pk[pk]
        return history_link(post) if can_read_history(person, post) else ""

    @cached_property
    def removed(self) -> dict[int, Post]:
        return {post.pk: post for post in self.posts if post.is_removed}

    @cached_property
    def _people(self) -> frozenset[int]:
        """Returns whose posts or removals are here. For everyone else the actions depend only on their role and on
        whether they can reply."""
        removers = (post.removal.removed_by_id or 0 for post in self.removed.values())
        return frozenset([*(post.author_id for post in self.posts), *removers])

    def with_actions_of(self, person: Person) -> Pieces:
        """Returns the posts with the actions that this person can take."""
        may_reply = can_reply(person, self.topic)
        own_id = person.pk if person.pk in self._people else None
        role = (is_member(person), can_write(person), is_staff_in(person, self.topic.section))
        return with_actions((self.key, role, may_reply, own_id), self, person)

    def page_of(self, person: Person, *, related_topic: Topic | None) -> TopicPage:
        """Returns what is shown around the posts."""
        return TopicPage(
            topic=self.topic,
            person=person,
            pages=Pages(self.number, self.topic.pages),
            posts=self.lines,
            highlights=self.highlights,
            acts=topic_actions(self.topic, person),
            related_topic=related_topic,
            moderator_actions=self.moderator_actions,
            is_recorded=self.is_recorded,
        )


@cached(LRUCache(CACHE_BYTES, getsizeof=page_slots.size), key=lambda kind, *_: kind, lock=Lock())
def with_actions(kind: Hashable, fragment: Fragment, person: Person) -> Pieces:
    acts = {line.post.pk: _acts_row(line, person) for line in fragment.lines}
    return page_slots.splice(fragment.pieces, "acts", lambda pk: acts[int(pk)])


def get_fragment(topic_id: int, version: int, epoch: int, number: int) -> Fragment:
    """Returns the fragment in the current language, cached or new. The caller has checked that the reader can see the
    topic. The fragment may be newer than asked for, because the version was read before the posts, but never older."""
    return fragment_of((topic_id, version, epoch, number, get_language()))


def clear_fragments() -> None:
    fragment_of.cache_clear()
    with_actions.cache_clear()


def _size_of(fragment: Fragment) -> int:
    return page_slots.size(fragment.pieces) + len(fragment.posts) * BYTES_PER_POST


@cached(LRUCache(CACHE_BYTES, getsizeof=_size_of), lock=Lock())
def fragment_of(key: Key) -> Fragment:
    topic_id, number = key[0], key[3]
    topic: Any = Topic.objects.with_state().annotate(is_recorded=has_actions()).get(pk=topic_id)
    posts, revisions_with_quotes = _posts_on_page(topic, number)
    stubs = moved_post_stubs(posts, topic, number)
    thanked_by = who_thanks(posts)
    poll = shown_poll(topic, posts)
    moderator_actions, action_of_post = actions_on(topic, posts) if topic.is_recorded else ([], {})
    load_rules(rule_references(topic, posts))
    lines = [
        PostLine(
            post,
            html=with_slots(post),
            moved_before=stubs.before.get(post.pk, ()),
            thanked_by=thanked_by.get(post.pk, ()),
            moderator_action=action_of_post.get(post.pk),
            poll=poll if post.is_original else None,
        )
        for post in posts
    ]
    with page_slots.leave_slots_open():
        html = render_to_string("forum/topic_page/posts.html", {"lines": lines, "moved_after": stubs.at_end})
    for post in posts:
        post.body = post.html = ""  # `pieces` has them
    return Fragment(
        key,
        topic,
        number,
        lines=[replace(line, html="", poll=None) for line in lines],
        highlights=list(Highlight.objects.of_topic(topic)),
        pieces=page_slots.split(html),
        poll=poll and poll.without_names(),
        revisions_with_quotes=revisions_with_quotes,
        moderator_actions=moderator_actions,
        is_recorded=topic.is_recorded,
    )


def _posts_on_page(topic: Topic, number: int) -> tuple[list[Post], list[RevisionKey]]:
    """Returns the posts, removed ones without their text, and which texts have quotes."""
    posts = list(topic.posts.on_page(number).with_details().defer(*DEFERRED_FIELDS))
    revisions_with_quotes = [revision_key(post) for post in posts if has_quotes(post.html)]
    for post in posts:
        post.topic = topic
        if post.is_removed:
            post.body = post.html = post.excerpt = ""
    return posts, revisions_with_quotes


def rule_references(topic: Topic, posts: list[Post]) -> list[object]:
    """Returns everything on the page that may name a rule."""
    removals = [post.removal for post in posts if post.is_removed]
    return [*removals, topic.closure] if hasattr(topic, "closure") else [*removals]


def _acts_row(line: PostLine, person: Person) -> Pieces:
    context = {
        "post": line.post,
        "acts": post_actions(line.post, person),
        "thanked_by": line.thanked_by,
        "csrf_token": page_slots.slot("csrf"),
    }
    with page_slots.leave_slots_open():
        return page_slots.split(render_to_string("forum/topic_page/post_actions.html", context))
