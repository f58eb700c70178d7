"""Undoing actions on whole topics from the log, and which topic a post belongs to then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import LogEntry
from forum.access.errors import NotAllowed, TooManyHighlights
from forum.drafts import store as drafts_store
from forum.models import AutoCloseTimer, Draft, MovedPostStub, Pin, Section, SectionVersion, Topic
from forum.models.draft import reply_draft_key
from forum.models.highlight import HIGHLIGHTS_PER_TOPIC
from moderation.access.errors import AlreadyUndone, CannotUndo
from moderation.log.undo import UNDO_ACTIONS, undo_entries, undo_entry
from moderation.posts.highlight import highlight_post
from moderation.topics.close import auto_close, close_topic, reopen_topic
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.topics.pin import pin_topic, unpin_topic
from moderation.topics.remove import remove_topic, restore_topic
from moderation.topics.split import move_posts, split_posts
from moderation.topics.timers import cancel_auto_close, set_auto_close, set_slow_mode
from tests.conftest import browser_of, make_user, reply_to, start
from tests.moderation.log import test_undo

pytestmark = pytest.mark.django_db

MODULES = ("moderation.log.undo_topics", "moderation.log.undo_moved_posts")
ACTIONS = [
    act for act, way in UNDO_ACTIONS.items() if way.__module__ in MODULES and act not in test_undo.ACTIONS
]


@pytest.fixture
def other(topic, talk, ben, cleo) -> Topic:
    other = start(talk, ben, "Another")
    reply_to(other, cleo, "In the other.")
    return other


def state_of(*topics: Topic) -> list:
    state = []
    for topic in topics:
        topic.refresh_from_db()
        timer = AutoCloseTimer.objects.filter(topic=topic).exists()
        posts = list(topic.posts.order_by("position").values_list("pk", "position", "moved_at"))
        state += [topic.section_id, topic.is_removed, topic.is_merged, topic.reply_count, topic.last_post_at,
                 topic.unread_at, topic.unread_position, timer, topic.inactivity_days,
                 topic.slow_minutes, topic.is_closed, posts,
                 list(topic.highlights.values_list("post", flat=True))]  # fmt: skip
    sections = [(s.pk, SectionVersion.objects.topics_in(s)) for s in Section.objects.order_by("pk")]
    return [*state, sections]


def perform(act: str, topic: Topic, other: Topic, news: Section, by) -> None:
    chosen = [topic.posts.get(position=2).pk]
    {
        "remove_topic": lambda: remove_topic(topic=topic, by=by, reason="Spam."),
        "restore_topic": lambda: restore_topic(topic=topic, by=by),
        "move_topic": lambda: move_topic(topic=topic, to=news, by=by),
        "merge": lambda: merge_topic(topic=topic, into=other, by=by),
        "split": lambda: split_posts(topic=topic, posts=chosen, section=topic.section, title="T", by=by),
        "move_posts": lambda: move_posts(topic=topic, posts=chosen, into=other, by=by),
        "set_timer": lambda: set_auto_close(topic=topic, by=by, days=3),
        "stop_timer": lambda: cancel_auto_close(topic=topic, by=by),
        "slow_down": lambda: set_slow_mode(topic=topic, by=by, minutes=5),
        "end_slow_mode": lambda: set_slow_mode(topic=topic, by=by, minutes=0),
        "close_by_itself": lambda: close_automatically(topic, by),
    }[act]()


def close_automatically(topic, by) -> None:
    set_auto_close(topic=topic, by=by, at=timezone.now() + timedelta(hours=1))
    Topic.objects.filter(pk=topic.pk).update(closes_at=timezone.now())
    auto_close(topic=topic)


def prepare(act: str, topic: Topic, by) -> None:
    before = {
        "restore_topic": lambda: remove_topic(topic=topic, by=by, reason="Spam."),
        "stop_timer": lambda: set_auto_close(topic=topic, by=by, days=3),
        "end_slow_mode": lambda: set_slow_mode(topic=topic, by=by, minutes=5),
    }
    before.get(act, lambda: None)()


def last() -> LogEntry:
    return LogEntry.objects.order_by("pk").last()


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTIONS)
def test_undo_restores_state_and_works_only_once(act, topic, other, news, mia, noor):
    highlight_post(post=topic.posts.get(position=2), by=mia)
    prepare(act, topic, mia)
    before = state_of(topic, other)
    perform(act, topic, other, news, mia)
    entry, done = last(), state_of(topic, other)
    assert entry.act == act
    assert done != before
    assert set(entry.facts) == {"before", "after"}
    undid = undo_entry(entry=entry, by=noor)
    assert (undid.undoes_id, undid.by) == (entry.pk, noor)
    assert state_of(topic, other) == before
    with pytest.raises(AlreadyUndone, match="noor already did this at "):
        undo_entry(entry=entry, by=mia)


@pytest.mark.slow
def test_undoing_merge_returns_posts_to_original_positions(topic, other, ben, mia):
    pks = [post.pk for post in topic.posts.order_by("position")]
    merge_topic(topic=topic, into=other, by=mia)
    since = reply_to(other, ben, "Answered in the other since.")
    undo_entry(entry=last(), by=mia)
    assert [post.pk for post in topic.posts.order_by("position")] == pks
    other.refresh_from_db()
    assert since.position == other.last_position == 5
    assert other.reply_count == 2
    assert list(MovedPostStub.objects.order_by("pk").values_list("topic", "position")) == [
        (other.pk, 3),
        (other.pk, 4),
    ]
    page = browser_of(None).get(other.get_absolute_url()).text
    assert "2 posts were moved from here" in page
    assert browser_of(None).get(topic.get_absolute_url()).status_code == 200


def test_undoing_split_redirects_emptied_topic_to_original(topic, bens, mia, guest):
    new = split_posts(topic=topic, posts=[bens.pk], section=topic.section, title="New", by=mia)
    undo_entry(entry=last(), by=mia)
    assert guest.get(new.get_absolute_url())["Location"] == topic.get_absolute_url()
    assert SectionVersion.objects.topics_in(topic.section) == 1


def test_undoing_split_drops_pin_and_moves_drafts_back(topic, bens, cleo, mia):
    new = split_posts(topic=topic, posts=[bens.pk], section=topic.section, title="New", by=mia)
    entry = last()
    pin_topic(topic=new, by=mia)
    drafts_store.save(by=cleo, draft_key=reply_draft_key(new.pk), version=0, body="Begun.")
    undo_entry(entry=entry, by=mia)
    assert not Pin.objects.exists()
    assert Draft.objects.get().place == reply_draft_key(topic.pk)


def test_undoing_split_is_rejected_once_new_topic_has_replies(topic, bens, cleo, mia):
    new = split_posts(topic=topic, posts=[bens.pk], section=topic.section, title="New", by=mia)
    entry = last()
    reply_to(new, cleo)
    with pytest.raises(CannotUndo, match="The new topic has replies"):
        undo_entry(entry=entry, by=mia)


def test_undoing_post_move_is_rejected_if_posts_were_moved_again(topic, other, bens, talk, mia):
    move_posts(topic=topic, posts=[bens.pk], into=other, by=mia)
    entry = last()
    move_posts(topic=other, posts=[bens.pk], into=start(talk, mia, "Third"), by=mia)
    with pytest.raises(CannotUndo, match="since been moved"):
        undo_entry(entry=entry, by=mia)


def test_undoing_topic_move_requires_staff_role_in_both_sections(topic, news, talk, mia):
    moderator = make_user("tom", "moderator")
    moderator.moderates = [news.pk]
    moderator.save()
    move_topic(topic=topic, to=news, by=mia)
    with pytest.raises(NotAllowed):
        undo_entry(entry=last(), by=moderator)


def test_undoing_unpin_restores_pin_with_its_end(topic, mia):
    until = timezone.now() + timedelta(days=3)
    pin_topic(topic=topic, by=mia, until=until)
    unpin_topic(topic=topic, by=mia)
    undo_entry(entry=last(), by=mia)
    topic = Topic.objects.select_related("pin").get(pk=topic.pk)
    assert topic.pin.until == until


def test_undo_is_rejected_if_timer_or_slow_mode_was_changed_again(topic, mia, noor):
    set_auto_close(topic=topic, by=mia, days=3)
    timer = last()
    set_slow_mode(topic=topic, by=mia, minutes=5)
    pace = last()
    set_auto_close(topic=topic, by=noor, days=9)
    set_slow_mode(topic=topic, by=noor, minutes=60)
    for entry in (timer, pace):
        with pytest.raises(CannotUndo, match=r"changed again\. noor did this"):
            undo_entry(entry=entry, by=mia)
    topic.refresh_from_db()
    assert (topic.inactivity_days, topic.slow_minutes) == (9, 60)


def test_undoing_timer_works_after_replies_postponed_the_closing(topic, cleo, mia):
    set_auto_close(topic=topic, by=mia, days=3)
    entry = last()
    reply_to(topic, cleo, "Not silent.")
    undo_entry(entry=entry, by=mia)
    topic.refresh_from_db()
    assert topic.closes_at is None


def test_undoing_removal_is_rejected_if_topic_was_removed_again(topic, mia, noor):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    first = last()
    restore_topic(topic=topic, by=noor)
    remove_topic(topic=topic, by=noor, reason="Gives away an address.")
    with pytest.raises(CannotUndo, match="restored and removed again"):
        undo_entry(entry=first, by=mia)
    assert Topic.objects.get(pk=topic.pk).is_removed


def test_undoing_auto_close_is_rejected_if_topic_was_closed_again(topic, mia, noor):
    close_automatically(topic, mia)
    first = last()
    reopen_topic(topic=topic, by=noor)
    close_topic(topic=topic, by=noor, reason="Solved.")
    with pytest.raises(CannotUndo, match="opened and closed again"):
        undo_entry(entry=first, by=mia)
    assert Topic.objects.with_closure().get(pk=topic.pk).is_closed


@pytest.mark.slow
def test_undoing_post_move_is_rejected_if_highlight_limit_is_reached(topic, other, ben, mia):
    moved = reply_to(topic, ben)
    highlight_post(post=moved, by=mia)
    move_posts(topic=topic, posts=[moved.pk], into=other, by=mia)
    for _ in range(HIGHLIGHTS_PER_TOPIC):
        highlight_post(post=reply_to(topic, mia), by=mia)
    entry = LogEntry.objects.get(act="move_posts")
    with pytest.raises(TooManyHighlights) as error:
        undo_entry(entry=entry, by=mia)
    assert undo_entries(entries=[entry], by=mia).failed == [(entry, str(error.value.explanation))]
    moved.refresh_from_db()
    assert moved.topic == other
