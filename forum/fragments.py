"""The posts of one page of a topic, made once for all who may read them and kept in this process.

A fragment rests on the topic's version and on the epoch; what is personal in it is a slot. It never holds the text of a
removed post: those who may still read one are given it from the database.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.template.loader import render_to_string

from accounts import slots
from accounts.models import Person
from accounts.slots import Pieces
from forum.models import Highlight, Post, Topic
from forum.paging import Pages
from forum.permissions import can_reply
from forum.quoted import Text, holds_quotes, text_of, with_slots
from forum.reading import PostLine, TopicPage, post_acts, topic_acts
from forum.shelf import Shelf
from forum.unread import Place

KEPT = 32_000_000  # characters


@dataclass(frozen=True)
class Fragment:
    topic: Topic
    number: int
    posts: list[Post]  # without their texts, which stand in `pieces`
    highlights: list[Highlight]
    pieces: Pieces
    size: int
    quoting: list[Text]  # those that hold quotes, removed posts too
    _with_acts: dict[tuple[bool, bool, bool, int | None], Pieces] = field(default_factory=dict)

    @property
    def places(self) -> list[Place]:
        return [Place(post.position, post.posted_at) for post in self.posts]

    @cached_property
    def removed(self) -> dict[int, Post]:
        return {post.pk: post for post in self.posts if post.is_removed}

    @cached_property
    def _people(self) -> frozenset[int]:
        """Whom something here belongs to. To everybody else the acts on these posts differ by their role, and by
        whether they may reply."""
        removers = (post.removal.removed_by_id for post in self.removed.values())
        return frozenset([*(post.author_id for post in self.posts), *removers])

    def with_acts_of(self, person: Person) -> Pieces:
        """The posts with the acts that are this person's to take."""
        may_reply = can_reply(person, self.topic)
        own = person.pk if person.pk in self._people else None
        kind = (person.is_authenticated, person.is_staff, may_reply, own)
        if kind not in self._with_acts:
            acts = {post.pk: _acts_row(post, person) for post in self.posts}
            self._with_acts[kind] = slots.splice(self.pieces, "acts", lambda pk: acts[int(pk)])
        return self._with_acts[kind]

    def page_of(self, person: Person, *, instead: Topic | None) -> TopicPage:
        """What stands around the posts."""
        return TopicPage(
            topic=self.topic,
            person=person,
            pages=Pages(self.number, self.topic.pages),
            posts=[_open_line(post) for post in self.posts],
            highlights=self.highlights,
            acts=topic_acts(self.topic, person),
            instead=instead,
        )


_kept: Shelf[Fragment] = Shelf(most=KEPT, size_of=lambda fragment: fragment.size)


def fragment_of(topic_id: int, version: int, epoch: int, number: int) -> Fragment:
    """The caller has made sure that whoever asks may see the topic. What is kept may be newer than asked for, since
    the version was read before the posts; never older."""
    key = (topic_id, version, epoch, number)
    return _kept.get(key) or _kept.put(key, _make(topic_id, number))


def forget_all() -> None:
    _kept.clear()


def _make(topic_id: int, number: int) -> Fragment:
    topic = Topic.objects.with_state().get(pk=topic_id)
    posts = list(topic.posts.on_page(number).with_marks())
    quoting = [text_of(post) for post in posts if holds_quotes(post.html)]
    for post in posts:
        post.topic = topic
        if post.is_removed:
            post.body = post.html = post.excerpt = ""
        post.html = with_slots(post)
    with slots.left_open():
        html = render_to_string("forum/parts/posts.html", {"lines": [_open_line(post) for post in posts]})
    for post in posts:
        post.body = post.html = ""  # once is enough
    highlights = list(Highlight.objects.of_topic(topic))
    return Fragment(topic, number, posts, highlights, slots.split(html), len(html), quoting)


def _open_line(post: Post) -> PostLine:
    """As whoever may read the page sees the post; what else they may is a slot."""
    return PostLine(post, not post.is_removed, frozenset({"history"} if post.is_edited else ()))


def _acts_row(post: Post, person: Person) -> Pieces:
    with slots.left_open():
        row = render_to_string(
            "forum/parts/post_acts.html",
            {"post": post, "acts": post_acts(post, person), "csrf_token": slots.slot("csrf")},
        )
    return slots.split(row)
