"""Removing all posts by a member leaves the forum as removing each of them does: the same rows and the same counters,
whatever was done with the posts before. The SQL of thousands of posts is compared with the actions on one."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, Phase, example, given, settings, strategies as st

from accounts.models import LogEntry, User
from config.backup.check_counters import faults
from core.text.quotes import attribution
from forum.access import locks
from forum.access.errors import PostPendingApproval
from forum.models import (
    Highlight,
    PendingPost,
    Poll,
    PollOption,
    Post,
    Quote,
    Removal,
    SectionVersion,
    Thanks,
    Topic,
    TopicRemoval,
)
from forum.polls.polls import PollTerms
from forum.polls.vote import vote
from forum.thanks.thank import thank_post
from moderation.access.errors import CannotMove
from moderation.approval.approve import reject_post
from moderation.log.undo import undo_entry
from moderation.members.remove_all_posts import remove_all_posts
from moderation.members.remove_all_posts_worker import remove_or_restore_posts
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import auto_hide_post, remove_post
from moderation.topics.remove import remove_topic
from moderation.topics.split import move_posts
from tests.conftest import reply_to, start
from tests.support.new_member_limits import add_watched_word

pytestmark = pytest.mark.django_db

# Columns that differ on purpose: a bulk action changes each topic once, with its own times.
OWN_COLUMNS = {"version", "taken_back_at", "removed_at", "resolved_at", "highlighted_at", "number"}
TABLES = [
    Topic, Post, Removal, TopicRemoval, Highlight, Thanks, Quote, Poll, PollOption, PendingPost, SectionVersion,
]  # fmt: skip

TEXTS = st.sampled_from(["Here too.", "Thank you!", "Buy!", "quote"])
DEEDS = st.one_of(
    st.tuples(st.just("reply"), st.sampled_from(["ada", "ben"]), TEXTS),
    st.tuples(st.sampled_from(["highlight", "thank", "remove", "hide", "move"]), st.integers(0, 9)),
)
TOPICS = st.tuples(st.sampled_from(["ada", "ben"]), st.booleans(), st.booleans(), st.lists(DEEDS, max_size=8))


class _Undone(Exception):
    pass


@pytest.fixture
def cast(ada, ben, cleo, mia, noor, talk, news, no_rate_limits) -> dict[str, Any]:
    add_watched_word("buy", by=noor)  # posts with this word need approval
    news.start_by, news.fold_thanks = "members", not talk.fold_thanks
    news.save()
    return {"ada": ada, "ben": ben, "cleo": cleo, "mia": mia, "sections": [talk, news]}


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(TOPICS, min_size=1, max_size=3))
@example([("ada", False, False, [("reply", "ben", "Thank you!"), ("highlight", 1)])])
def test_the_bulk_action_does_what_the_single_ones_do(cast, topics):
    ben, mia = cast["ben"], cast["mia"]
    with suppress(_Undone), transaction.atomic():
        for topic in topics:
            build(topic, cast)
        reply_to(start(cast["sections"][0], cast["ada"]), ben)  # there is always something to remove
        before, versions = rows(), list_versions()
        with suppress(_Undone), transaction.atomic():
            by_bulk, entry, grown = in_bulk(ben, mia, versions)
            agree(rows_after_undo(entry, mia), before)
            raise _Undone
        by_single, logged, grown_singly = one_by_one(ben, mia, versions)
        agree(by_bulk, by_single)
        assert grown == grown_singly
        assert facts_of(entry) == logged
        raise _Undone


def build(topic: tuple, cast: dict[str, Any]) -> None:
    starter, second_section, has_poll, deeds = topic
    poll = PollTerms(("Yes", "No")) if has_poll else None
    made = start(cast["sections"][second_section], cast[starter], "A topic", "Which?", poll=poll)
    if has_poll:
        vote(topic=made, by=cast["ben"], options=[made.poll.options.first().pk])
    for deed in deeds:
        do(deed, made, cast)


def do(deed: tuple, topic: Topic, cast: dict[str, Any]) -> None:
    mia = cast["mia"]
    posts = list(topic.posts.filter(removal=None).order_by("position"))
    match deed:
        case "reply", who, text:
            if text == "quote" and posts:
                text = (
                    f"{attribution(posts[-1].author.name, posts[-1].pk, 1)}\n> {posts[-1].body}\n\nSo it is."
                )
            with suppress(PostPendingApproval):
                reply_to(Topic.objects.get(pk=topic.pk), cast[who], text)
        case name, number if posts:
            post = posts[number % len(posts)]
            if name == "highlight":
                highlight_post(post=post, by=mia)
            elif name == "thank":
                thank_post(post=post, by=cast["cleo"])
            elif name == "remove":
                remove_post(post=post, by=mia, reason="Rude.")
            elif name == "hide":
                auto_hide_post(*locks.lock_post(post, by=mia))
            elif other := Topic.objects.exclude(pk=topic.pk).first():
                with suppress(CannotMove):  # an original post
                    move_posts(topic=topic, posts=[post.pk], into=other, by=mia)


def in_bulk(ben: User, mia: User, versions: dict) -> tuple[dict, LogEntry, set]:
    entry = remove_all_posts(member=ben, by=mia, reason="Spam.")
    remove_or_restore_posts(entry)
    assert faults() == []
    return rows(), entry, grown_lists(versions)


def one_by_one(ben: User, mia: User, versions: dict) -> tuple[dict, dict, set]:
    latest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    posts = list(Post.objects.filter(author=ben).not_removed().order_by("topic_id", "pk"))
    for waiting in PendingPost.objects.pending().filter(author=ben):
        reject_post(pending=waiting, by=mia, reason="Spam.")
    for post in posts:
        remove_post(post=post, by=mia, reason="Spam.")
    theirs = Topic.objects.listed().filter(pk__in={post.topic_id for post in posts}, started_by=ben)
    for topic in theirs:
        if not topic.posts.not_removed().exists():
            remove_topic(topic=topic, by=mia, reason="Spam.")
    entries = LogEntry.objects.filter(pk__gt=latest)
    removed = entries.filter(act="remove")
    logged = {
        "posts": sorted(removed.values_list("target_id", flat=True)),
        "waiting": sorted(entries.filter(act="refuse_waiting").values_list("target_id", flat=True)),
        "highlights": sorted(
            (one.target_id, one.facts["before"]["highlight"]["excerpt"])
            for one in removed
            if one.facts["before"]["highlight"]
        ),
    }
    return rows(), logged, grown_lists(versions)


def facts_of(entry: LogEntry) -> dict[str, list]:
    return {
        "posts": sorted(entry.facts["after"]["posts"]),
        "waiting": sorted(entry.facts["after"]["waiting"]),
        "highlights": sorted((one["post"], one["excerpt"]) for one in entry.facts["before"]["highlights"]),
    }


def rows_after_undo(entry: LogEntry, mia: User) -> dict:
    remove_or_restore_posts(undo_entry(entry=entry, by=mia))
    assert faults() == []
    return rows()


def rows() -> dict[tuple[str, int], dict]:
    """Returns the rows by table and by what they are about: ids of rows that an action creates differ."""
    return {(table.__name__, key_of(row)): columns_of(row) for table in TABLES for row in table.objects.all()}


def key_of(row: Model) -> int:
    return (
        getattr(row, f"{'topic' if isinstance(row, TopicRemoval) else 'post'}_id", None)
        if isinstance(row, Removal | TopicRemoval | Highlight)
        else row.pk
    )


def columns_of(row: Model) -> dict[str, Any]:
    names = {field.attname for field in row._meta.concrete_fields} - OWN_COLUMNS
    if isinstance(row, Removal | TopicRemoval | Highlight):
        names -= {"id"}
    return {name: getattr(row, name) for name in names}


def agree(one: dict, other: dict) -> None:
    assert {
        key: (one.get(key), other.get(key))
        for key in one.keys() | other.keys()
        if one.get(key) != other.get(key)
    } == {}


def list_versions() -> dict[tuple[int, int], int]:
    return {(one.section_id, one.shard): one.number for one in SectionVersion.objects.all()}


def grown_lists(versions: dict) -> set[tuple[int, int]]:
    """Returns the lists that are newer than these versions, so that cached pages of them are not shown."""
    return {place for place, number in list_versions().items() if number > versions.get(place, 0)}
