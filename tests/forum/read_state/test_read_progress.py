"""A page reports how far its reader has read, and that is marked as read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from forum.models import ReadMark
from forum.read_state import unread
from moderation.posts.remove import remove_post, restore_post
from tests.conftest import reply_to, start
from tests.support.concurrency import only_errors, run_concurrently
from tests.support.reading import NOW, PREFETCH_HEADERS, is_unread, mark_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def established_members(ada, ben, cleo, mia, no_rate_limits):
    """Members who joined before anything was written and have no posting limits."""


@pytest.mark.slow
def test_reading_a_page_marks_all_its_posts_read(long_topic, cleo, sign_in):
    assert is_unread(cleo, long_topic)
    for page, position in ((1, 20), (2, 40), (3, 45)):
        read(sign_in(cleo), long_topic, page)
        assert mark_of(cleo, long_topic) == position
    assert not is_unread(cleo, long_topic)


@pytest.mark.slow
@pytest.mark.parametrize("fields", PREFETCH_HEADERS, ids=str)
def test_prefetched_page_is_not_marked_read(long_topic, cleo, sign_in, fields):
    """The reader may never look at it; if they do, it is shown then."""
    client = sign_in(cleo)
    fetched = client.get(long_topic.get_absolute_url(), headers=fields)
    assert fetched.status_code == 200
    assert fetched["Cache-Control"] == "private, no-store"  # the browser requests it again when shown
    assert mark_of(cleo, long_topic) is None
    read(client, long_topic)
    assert mark_of(cleo, long_topic) == 20
    client.get(f"{long_topic.get_absolute_url()}?page=3", headers=fields)
    assert mark_of(cleo, long_topic) == 20


@pytest.mark.slow
def test_mark_keeps_the_furthest_page_of_two_tabs(long_topic, cleo, sign_in):
    client = sign_in(cleo)
    read(client, long_topic, 2)
    read(client, long_topic, 1)
    assert mark_of(cleo, long_topic) == 40


def test_rereading_writes_nothing_to_the_database(topic, cleo, sign_in):
    client = sign_in(cleo)
    read(client, topic)
    with CaptureQueriesContext(connection) as captured:
        read(client, topic)
    assert not [q for q in captured.captured_queries if "INSERT" in q["sql"] or "UPDATE" in q["sql"]]


def test_unread_line_precedes_first_new_post(topic, cleo, ben, sign_in):
    client = sign_in(cleo)
    assert "unread-line" not in read(client, topic)  # all of it is new
    posts = [reply_to(topic, ben) for _ in range(2)]
    page = read(client, topic)
    assert page.count('class="unread-line" id="new"') == 1
    assert page.index('data-position="2"') < page.index("New since") < page.index(f'id="p{posts[0].pk}"')
    assert "unread-line" not in read(client, topic)


@pytest.mark.slow
def test_unread_line_is_shown_on_next_page(talk, ada, ben, cleo, sign_in):
    topic = start(talk, ada)
    for _ in range(19):
        reply_to(topic, ben)
    client = sign_in(cleo)
    read(client, topic)
    post = reply_to(topic, ben)
    assert "unread-line" not in read(client, topic)
    page = read(client, topic, 2)
    assert page.index("New since") < page.index(f'id="p{post.pk}"')


@pytest.mark.slow
def test_topic_header_counts_and_links_new_posts(talk, ada, ben, cleo, sign_in):
    topic = start(talk, ada)
    for _ in range(19):
        reply_to(topic, ben)
    client = sign_in(cleo)
    assert 'class="new"' not in read(client, topic)  # everything is new
    for _ in range(21):
        reply_to(topic, ben)
    assert f'href="{topic.get_absolute_url()}?page=2"><b class="num">21</b> new posts</a>' in read(
        client, topic
    )
    assert 'href="#new"><b class="num">21</b> new posts</a>' in read(client, topic, 2)
    assert 'href="#new"><b class="num">1</b> new post</a>' in read(client, topic, 3)
    assert 'class="new"' not in read(client, topic, 3)


def test_new_member_starts_without_unread_posts(topic, talk, ada, ben, cleo, sign_in):
    User.objects.filter(pk=cleo.pk).update(read_all_until=timezone.now())
    client = sign_in(cleo)
    assert not is_unread(cleo, topic)
    read(client, topic)
    assert mark_of(cleo, topic) is None
    post = reply_to(topic, ben)
    assert is_unread(cleo, topic)
    page = read(client, topic)
    assert page.index('data-position="2"') < page.index("New since") < page.index(f'id="p{post.pk}"')


def test_own_posts_are_marked_read(topic, talk, ada, cleo, ben):
    assert mark_of(ada, topic) == 1
    assert mark_of(ben, topic) == 2
    assert is_unread(ada, topic)  # Ben's reply
    reply_to(topic, cleo)
    assert not is_unread(cleo, topic)
    assert is_unread(ben, topic)


def test_removed_post_is_not_unread(topic, cleo, ben, mia, sign_in):
    read(sign_in(cleo), topic)
    post = reply_to(topic, ben)
    assert is_unread(cleo, topic)
    remove_post(post=post, by=mia, reason="Spam.")
    assert not is_unread(cleo, topic)
    restore_post(post=post, by=mia)
    assert is_unread(cleo, topic)


def test_guests_have_no_read_marks(topic, guest):
    page = read(guest, topic)
    assert "unread" not in page
    assert not ReadMark.objects.exclude(member__in=[topic.started_by_id, topic.last_post_by_id]).exists()


def test_head_request_marks_nothing_read(topic, cleo, sign_in):
    client = sign_in(cleo)
    assert client.head(topic.get_absolute_url()).status_code == 200
    assert client.head(f"{topic.url_for('read')}?to=2&at={NOW}").status_code == 200
    assert mark_of(cleo, topic) is None


@pytest.mark.slow
def test_first_visit_writes_nothing_and_report_is_one_statement(long_topic, cleo, sign_in):
    client = sign_in(cleo)
    address = f"{long_topic.get_absolute_url()}?page=2"
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    with CaptureQueriesContext(connection) as second:
        client.get(address)
    making = 3  # topic, posts, highlights: made for everybody by the first reader
    assert (len(first), len(second)) == (3 + making, 3)
    with CaptureQueriesContext(connection) as report_queries:
        client.post(long_topic.url_for("read"), {"to": 25, "at": NOW})
    assert len([query for query in report_queries if "forum_readmark" in query["sql"]]) == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_marks_keep_the_furthest_position(topic, cleo):
    when = timezone.now()
    calls = [
        lambda position=position: ReadMark.objects.advance(
            member=cleo.pk, topic=topic.pk, position=position, posted_at=when + timedelta(seconds=position)
        )
        for position in (3, 9, 1, 7, 5)
    ]
    assert only_errors(run_concurrently(*calls)) == []
    assert mark_of(cleo, topic) == 9


@pytest.mark.django_db(transaction=True)
def test_page_loads_when_database_is_read_only(topic, cleo, sign_in):
    client = sign_in(cleo)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        try:
            assert "Here too." in read(client, topic)
        finally:
            cursor.execute("SET default_transaction_read_only = off")
    assert mark_of(cleo, topic) is None
    read(client, topic)  # the control
    assert mark_of(cleo, topic) == 2


def post_position(position: int, minute: int) -> unread.PostPosition:
    return unread.PostPosition(position, datetime(2026, 1, 1, 12, minute, tzinfo=UTC))


@pytest.mark.parametrize(
    ("mark", "read_until", "post_positions", "first_unread"),
    [
        (None, 0, [(1, 1), (2, 2)], None),  # all is new
        (None, 1, [(1, 1), (2, 2)], 2),
        (None, 9, [(1, 1), (2, 2)], None),
        (1, 0, [(1, 1), (2, 2)], 2),
        (2, 0, [(1, 1), (2, 2)], None),
        (20, 0, [(21, 1), (22, 2)], 21),  # where the page before ended
        (19, 0, [(21, 1), (22, 2)], None),  # the unread posts begin before this page
        (None, 0, [(21, 1), (22, 2)], None),
        (20, 1, [(21, 1), (22, 2)], 22),
    ],
)
def test_first_unread_position_depends_on_read_progress(mark, read_until, post_positions, first_unread):
    reached = unread.ReadProgress(mark, None, None, datetime(2026, 1, 1, 12, read_until, tzinfo=UTC))
    assert reached.first_unread_position([post_position(*each) for each in post_positions]) == first_unread
