"""A forum grown for benchmarks: as many posts as asked for, and nothing that the services would not have written."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from config.backup.check_counters import faults
from config.sample.bulk_data import NowhereToGrow, grow, topic_sizes
from forum.models import Post, SearchEntry, Section, Topic
from forum.search_index.store import index_again
from tests.conftest import reply_to


@pytest.mark.parametrize(
    ("topics", "posts"), [(1, 1), (1, 7), (3, 3), (30, 600), (5_000, 100_000), (50_000, 1_000_000)]
)
def test_topic_sizes_sum_to_posts_and_are_at_least_one(topics, posts):
    sizes = topic_sizes(topics, posts)
    assert (len(sizes), sum(sizes), min(sizes) >= 1) == (topics, posts, True)


def test_topic_sizes_are_unevenly_distributed():
    sizes = topic_sizes(50_000, 1_000_000)
    assert sizes[0] >= 10_000
    assert sum(200 <= size < 1_000 for size in sizes) > 100
    assert sizes[25_000] <= 10


TOPICS, POSTS = 12, 260


@pytest.fixture(scope="module")
def forum(django_db_setup, django_db_blocker):
    """Grown once; each test's changes are undone after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        Section.objects.create(name="Open to all", slug="open")
        grow(topics=TOPICS, posts=POSTS)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def longest_topic(forum, db) -> Topic:
    """The longest topic of the grown forum."""
    return Topic.objects.order_by("-reply_count")[0]


@pytest.mark.slow
def test_generated_counters_positions_and_times_are_correct(longest_topic):
    assert (Topic.objects.count(), Post.objects.count()) == (TOPICS, POSTS)
    assert faults() == []


def test_generated_search_index_is_what_actions_write(longest_topic):
    def entries() -> list[tuple[int, str]]:
        return list(SearchEntry.objects.order_by("pk").values_list("pk", "words", "version"))

    before = entries()
    index_again(Post.objects.values_list("pk", flat=True))
    assert len(before) == POSTS
    assert entries() == before


def test_generated_posts_are_in_order_of_time(longest_topic):
    times = list(Post.objects.order_by("pk").values_list("posted_at", flat=True))
    assert times == sorted(times)
    assert len(set(Post.objects.values_list("author"))) > 50


def test_generated_pages_open(longest_topic, guest):
    first, last = (
        guest.get(longest_topic.get_absolute_url()),
        guest.get(f"{longest_topic.get_absolute_url()}?page={longest_topic.pages}"),
    )
    assert (first.status_code, last.status_code) == (200, 200)
    assert f'data-position="{longest_topic.last_position}"' in last.text
    assert (
        guest.get("/").status_code == guest.get(longest_topic.section.get_absolute_url()).status_code == 200
    )


def test_reply_continues_generated_topic(longest_topic, ada):
    assert reply_to(longest_topic, ada).position == longest_topic.last_position + 1
    assert faults() == []


@pytest.mark.slow
def test_second_run_adds_posts_and_reuses_members(longest_topic):
    members = User.objects.count()
    grow(topics=2, posts=5)
    assert (Topic.objects.count(), Post.objects.count(), User.objects.count()) == (
        TOPICS + 2,
        POSTS + 5,
        members,
    )
    assert faults() == []


def test_bulk_data_requires_an_open_section(longest_topic):
    Section.objects.update(read_by=Section.Audience.MEMBERS)
    with pytest.raises(NowhereToGrow):
        grow(topics=1, posts=1)


def test_command_generates_and_checks_posts_and_reports_its_speed(longest_topic):
    out = StringIO()
    call_command("sample_forum", posts=60, check=True, stdout=out)
    assert re.search(r"60 posts in 3 topics: \d+\.\d s, [\d,]+ posts per second", out.getvalue())
    assert "match the posts" in out.getvalue()


@pytest.mark.parametrize(("topics", "posts"), [(0, 5), (6, 5), (None, 0), (-1, None)])
def test_invalid_counts_are_rejected(longest_topic, topics, posts):
    with pytest.raises(CommandError, match="at least one"):
        call_command("sample_forum", topics=topics, posts=posts)


@pytest.mark.parametrize(
    ("damage", "expected_fault"),
    [
        ("UPDATE forum_topic SET last_position = last_position + 1", "last position"),
        ("UPDATE forum_post SET position = 99999 WHERE position = 2", "gap"),
        ("UPDATE forum_topic SET reply_count = 0", "number of replies"),
        ("INSERT INTO forum_removal (post_id, removed_by_id, removed_at, reason)"
         " SELECT id, author_id, now(), '' FROM forum_post WHERE position = 2", "number of replies"),
        ("UPDATE forum_topic SET started_at = now() - interval '9 years'", "whose start"),
        ("UPDATE forum_topic SET last_post_at = started_at", "newest post"),
        ("UPDATE forum_post SET posted_at = posted_at - interval '9 years' WHERE position = 2", "older"),
        ("UPDATE forum_post SET version = 2, edited_at = now(), edited_by_id = author_id", "revisions"),
    ],
)  # fmt: skip
def test_check_finds_each_kind_of_fault(longest_topic, damage, expected_fault):
    assert faults() == []
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert any(expected_fault in fault for fault in faults())
