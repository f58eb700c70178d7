"""Removing all posts by a member, and restoring exactly those."""

import time

import pytest
from django.db import connection

from accounts.models import LogEntry, User
from forum.access.errors import NotAllowed
from forum.models import Highlight, Post, Removal, Section, SectionVersion, Topic
from forum.topics.activity import activity_columns
from moderation.access.errors import NothingToRemove
from moderation.log.undo import undo_entry
from moderation.members import remove_all_posts_worker
from moderation.members.remove_all_posts import remove_all_posts
from moderation.members.sanction import suspend_member
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post, restore_post
from notifications.models import Notification
from tests.conftest import make_user, reply_to, start
from tests.races.crowd import run_often
from tests.support import costs

pytestmark = pytest.mark.django_db


def counter_drift() -> dict[int, list]:
    """Returns topics whose counters do not agree with their posts: there must be none."""
    wrong = {}
    for topic in Topic.objects.select_related("section"):
        answers = topic.posts.filter(removal=None, position__gt=1).count()
        row = {
            "last_post_at": topic.last_post_at, "last_post_by": topic.last_post_by_id,
            "unread_position": topic.unread_position, "unread_at": topic.unread_at,
        }  # fmt: skip
        if topic.reply_count != answers or row != activity_columns(topic):
            wrong[topic.pk] = [topic.reply_count, answers, row, activity_columns(topic)]
    for section in Section.objects.all():
        listed = Topic.objects.listed().filter(section=section).count()
        if SectionVersion.objects.topics_in(section) != listed:
            wrong[-section.pk] = [SectionVersion.objects.topics_in(section), listed]
    return wrong


@pytest.fixture
def remove_all(django_capture_on_commit_callbacks):
    """Small jobs run when the act is committed."""

    def remove_and_commit(member: User, by: User) -> LogEntry:
        with django_capture_on_commit_callbacks(execute=True):
            return remove_all_posts(member=member, by=by, reason="Spam.")

    return remove_and_commit


@pytest.fixture
def undo(django_capture_on_commit_callbacks):
    def undo_and_commit(entry: LogEntry, by: User) -> LogEntry:
        with django_capture_on_commit_callbacks(execute=True):
            return undo_entry(entry=entry, by=by)

    return undo_and_commit


@pytest.fixture
def sample_posts(topic, talk, news, ada, ben, cleo, mia):
    """By Ben: a reply to Ada, thanks to her, a highlighted reply, one removed before, a topic without replies, and one
    with a reply by Cleo."""
    thanks, marked, gone = reply_to(topic, ben, "Thank you!"), reply_to(topic, ben), reply_to(topic, ben)
    reply_to(topic, ada, "Then we wait.")
    highlight_post(post=marked, by=mia)
    remove_post(post=gone, by=mia, reason="Rude.")
    alone, answered = start(talk, ben, "Buy"), start(talk, ben, "Sell")
    reply_to(answered, cleo)
    reply_to(answered, ben)
    return {"gone": gone, "alone": alone, "answered": answered, "thanks": thanks, "marked": marked}


def visible_ids(member: User) -> set[int]:
    return set(Post.objects.filter(author=member).not_removed().values_list("pk", flat=True))


@pytest.mark.slow
def test_remove_all_posts_removes_only_posts_by_that_member(
    sample_posts, topic, ada, ben, cleo, mia, remove_all
):
    theirs, others = visible_ids(ben), {who: visible_ids(who) for who in (ada, cleo)}
    entry = remove_all(ben, mia)
    assert visible_ids(ben) == set()
    assert {who: visible_ids(who) for who in (ada, cleo)} == others
    assert set(entry.facts["after"]["posts"]) == theirs
    assert set(Topic.objects.filter(is_removed=True)) == {sample_posts["alone"]}
    assert counter_drift() == {}
    assert LogEntry.objects.filter(by=mia, act="remove_everything").count() == 1
    assert "Spam." in Notification.objects.get(member=ben, text__contains="All your posts").text
    assert not Highlight.objects.exists()


def test_remove_all_posts_invalidates_cached_topic_pages(sample_posts, topic, ben, mia, remove_all):
    before = {t.pk: t.version for t in Topic.objects.all()}
    remove_all(ben, mia)
    for changed in Topic.objects.all():
        assert changed.version > before[changed.pk]
        assert changed.taken_back_at


@pytest.mark.slow
def test_undo_restores_exactly_the_removed_posts(sample_posts, ben, mia, noor, remove_all, undo):
    rows = list(
        Topic.objects.order_by("pk").values("reply_count", "last_post_at", "unread_position", "is_removed")
    )
    theirs = visible_ids(ben)
    entry = remove_all(ben, mia)
    undid = undo(entry, noor)
    assert visible_ids(ben) == theirs
    assert Removal.objects.get().post == sample_posts["gone"]
    assert rows == list(
        Topic.objects.order_by("pk").values("reply_count", "last_post_at", "unread_position", "is_removed")
    )
    assert counter_drift() == {}
    assert (undid.act, undid.undoes) == ("restore_everything", entry)
    assert Highlight.objects.get().post == sample_posts["marked"]


@pytest.mark.slow
def test_undo_keeps_later_decisions_on_single_posts(sample_posts, ben, mia, noor, remove_all, undo):
    entry = remove_all(ben, mia)
    first, second = sample_posts["thanks"], sample_posts["marked"]
    restore_post(post=Post.objects.get(pk=first.pk), by=noor)
    restore_post(post=Post.objects.get(pk=second.pk), by=noor)
    remove_post(post=Post.objects.get(pk=second.pk), by=noor, reason="This one all the same.")
    undo(entry, mia)
    assert first.pk in visible_ids(ben)
    assert second.pk not in visible_ids(ben)
    assert counter_drift() == {}


def test_second_removal_raises_nothing_to_remove_with_first_entry(sample_posts, ben, mia, noor, remove_all):
    first = remove_all(ben, mia)
    with pytest.raises(NothingToRemove) as refusal:
        remove_all(ben, noor)
    assert refusal.value.entry == first
    assert LogEntry.objects.filter(act="remove_everything").count() == 1


def test_second_removal_before_worker_runs_is_rejected(sample_posts, ben, mia, noor):
    remove_all_posts(member=ben, by=mia, reason="Spam.")  # never committed: the job has not run
    with pytest.raises(NothingToRemove):
        remove_all_posts(member=ben, by=noor, reason="Spam.")


def test_undo_before_worker_runs_cancels_removal(sample_posts, ben, mia, noor):
    theirs = visible_ids(ben)
    entry = remove_all_posts(member=ben, by=mia, reason="Spam.")
    assert remove_all_posts_worker.is_running(entry)
    undo_entry(entry=entry, by=noor)
    assert remove_all_posts_worker.remove_or_restore_posts(entry) == 0
    assert visible_ids(ben) == theirs


@pytest.mark.slow
def test_second_worker_run_changes_nothing(sample_posts, ben, mia, remove_all, undo):
    theirs = visible_ids(ben)
    entry = remove_all(ben, mia)
    back = undo(entry, mia)
    Highlight.objects.all().delete()
    for again in (entry, back):
        assert remove_all_posts_worker.remove_or_restore_posts(again) == 0
    assert visible_ids(ben) == theirs
    assert not Highlight.objects.exists()


def test_post_restored_by_staff_does_not_mark_removal_as_running(sample_posts, ben, mia, remove_all):
    entry = remove_all(ben, mia)
    restore_post(post=Post.objects.get(pk=sample_posts["thanks"].pk), by=mia)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
    assert not remove_all_posts_worker.is_running(entry)


def test_remove_all_posts_rejects_unauthorized_people(sample_posts, ada, ben, mia):
    max = make_user("max", "moderator")
    User.objects.filter(pk=max.pk).update(moderates=[1])
    max.refresh_from_db()
    for by, member in ((ada, ben), (ben, ben), (max, ben), (mia, max)):
        with pytest.raises(NotAllowed):
            remove_all_posts(member=member, by=by, reason="No.")


@pytest.mark.slow
@run_often(1_200, 12_000)
def test_thousands_of_posts_are_removed_and_restored_in_time(talk, ada, ben, mia, times):
    """A third in topics of their own, the rest as replies to others."""
    times -= times % 3
    insert_many_posts(talk, ada, ben, topics=times // 3, answers=2)
    entry = remove_all_posts(member=ben, by=mia, reason="Spam.")
    assert len(entry.facts["after"]["posts"]) == times
    assert remove_all_posts_worker.is_running(entry)
    began = time.monotonic()
    assert remove_all_posts_worker.remove_or_restore_posts(entry) == times
    took = time.monotonic() - began
    assert visible_ids(ben) == set()
    assert not remove_all_posts_worker.is_running(entry)
    assert remove_all_posts_worker.remove_or_restore_posts(entry) == 0
    assert count_drifting_topics() == 0
    back = undo_entry(entry=entry, by=mia)
    began = time.monotonic()
    remove_all_posts_worker.remove_or_restore_posts(back)
    back_took = time.monotonic() - began
    print(f"{times} posts in {2 * times // 3} topics: removed in {took:.1f} s, restored in {back_took:.1f} s")
    assert len(visible_ids(ben)) == times
    assert count_drifting_topics() == 0
    assert took < 60 * costs.stretch()


@pytest.mark.slow
def test_removal_is_fast_with_outdated_table_statistics(talk, ada, ben, mia):
    """Its statistics were taken just after another removal was undone, and are out of date since."""
    insert_many_posts(talk, ada, ben, topics=1_000, answers=2)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO forum_removal (post_id, removed_by_id, removed_at, reason)"
            " SELECT id, %s, now(), '' FROM forum_post",
            [mia.pk],
        )
        for table in ("forum_removal", "forum_post", "forum_sectionversion", "forum_topic"):
            cursor.execute(f"DELETE FROM {table}; ANALYZE {table}")
    insert_many_posts(talk, ada, ben, topics=500, answers=2)
    entry = remove_all_posts(member=ben, by=mia, reason="Spam.")
    began = time.monotonic()
    assert remove_all_posts_worker.remove_or_restore_posts(entry) == 1_500
    remove_all_posts_worker.remove_or_restore_posts(undo_entry(entry=entry, by=mia))
    took = time.monotonic() - began
    print(f"1,500 posts in 1,000 topics: removed and restored in {took:.1f} s")
    assert len(visible_ids(ben)) == 1_500
    assert count_drifting_topics() == 0
    assert took < 60 * costs.stretch()


def insert_many_posts(section: Section, ada: User, ben: User, *, topics: int, answers: int) -> None:
    """Makes this many topics by Ben alone, and as many by Ada with that many replies by Ben in each."""
    said = {"section": section.pk, "ada": ada.pk, "ben": ben.pk, "topics": topics, "answers": answers}
    with connection.cursor() as cursor:
        cursor.execute(INSERT_TOPICS, said)
        cursor.execute(INSERT_POSTS, said)
        cursor.execute(INSERT_COUNTERS, said)


INSERT_TOPICS = """
INSERT INTO forum_topic (section_id, title, title_version, started_by_id, started_at, last_position, reply_count,
                         last_post_at, last_post_by_id, unread_position, version)
SELECT %(section)s, 'T' || n, 1, starter, now(), 1 + more, more, now(), %(ben)s, 1 + more, 1
  FROM (VALUES (%(ben)s, 0), (%(ada)s, %(answers)s)) AS kinds (starter, more), generate_series(1, %(topics)s) AS n
"""
INSERT_POSTS = """
INSERT INTO forum_post (topic_id, author_id, position, posted_at, body, html, excerpt, renderer, submission_key,
                        version, edit_reason)
SELECT topic.id, CASE place WHEN 1 THEN topic.started_by_id ELSE %(ben)s END, place, topic.started_at, 'x', 'x', 'x',
       1, gen_random_uuid(), 1, ''
  FROM forum_topic AS topic, generate_series(1, topic.last_position) AS place
"""
INSERT_COUNTERS = """
INSERT INTO forum_sectionversion (section_id, shard, number, topics)
SELECT section_id, id %% 16, 1, count(*) FROM forum_topic GROUP BY section_id, id %% 16
"""


def count_drifting_topics() -> int:
    """Returns the drift of all topics in a few statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM forum_topic AS topic CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE position > 1) AS answers, max(posted_at) AS at, max(position) AS place
                  FROM forum_post AS post WHERE post.topic_id = topic.id AND (position = 1 OR NOT EXISTS (
                       SELECT FROM forum_removal WHERE post_id = post.id))) AS said
             WHERE topic.reply_count <> said.answers OR topic.last_post_at <> said.at
                OR topic.unread_position <> said.place
            """
        )
        (topics,) = cursor.fetchone()
    listed = Topic.objects.listed().count()
    counted = sum(SectionVersion.objects.topics_in(section) for section in Section.objects.all())
    return topics + abs(listed - counted)


def test_posts_are_removed_even_if_member_was_suspended_meanwhile(sign_in, bens, ben, mia, noor, monkeypatch):
    suspend_member(member=User.objects.get(pk=ben.pk), by=noor, reason="Spam.")
    monkeypatch.setattr(
        "moderation.members.sanction_views.member_or_404", lambda who: ben
    )  # as it was a moment ago
    url = f"/moderation/members/{ben.name}/remove-everything/"
    assert sign_in(mia).post(url, {"reason": "Spam.", "suspend": "on"}).status_code == 302
    assert LogEntry.objects.filter(act="remove_everything").exists()
