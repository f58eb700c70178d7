"""Slow mode: a member may reply once in so many minutes, staff at any time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import LogEntry
from core.web import durations
from forum.access.errors import NotAllowed, SlowModeActive
from forum.models import Post, Topic
from moderation.posts.remove import remove_post
from moderation.topics.timers import set_slow_mode
from tests.conftest import browser_of, make_user, reply_to

pytestmark = pytest.mark.django_db

KEY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def slow_topic(topic, mia) -> Topic:
    """Ben replied just before slow mode began."""
    set_slow_mode(topic=topic, by=mia, minutes=10, reason="It got heated.")
    topic.refresh_from_db()
    return topic


def test_member_must_wait_between_replies(slow_topic, bens, ben, cleo):
    with pytest.raises(SlowModeActive) as refused:
        reply_to(slow_topic, ben)
    assert 590 <= refused.value.retry_after <= 600
    reply_to(slow_topic, cleo)  # her first reply
    with pytest.raises(SlowModeActive):
        reply_to(slow_topic, cleo)
    Post.objects.filter(author=cleo).update(posted_at=timezone.now() - timedelta(minutes=11))
    assert reply_to(slow_topic, cleo).pk


def test_early_reply_gets_429_with_retry_after_and_preserves_text(slow_topic, ben):
    late = browser_of(ben).post(
        slow_topic.url_for("reply"), {"body": "And another thing.", "submission_key": KEY}
    )
    assert late.status_code == 429
    assert 590 <= int(late["Retry-After"]) <= 600
    page = late.text
    assert "And another thing." in page
    assert "once every 10 minutes" in page
    assert slow_topic.posts.count() == 2


def test_resubmission_redirects_to_its_post(slow_topic, cleo):
    client, fields = browser_of(cleo), {"body": "Once.", "submission_key": KEY}
    first = client.post(slow_topic.url_for("reply"), fields)
    assert client.post(slow_topic.url_for("reply"), fields)["Location"] == first["Location"]


def test_deleting_own_reply_does_not_bypass_slow_mode(slow_topic, cleo):
    remove_post(post=reply_to(slow_topic, cleo), by=cleo)
    with pytest.raises(SlowModeActive):
        reply_to(slow_topic, cleo)


def test_slow_mode_does_not_apply_to_staff_of_the_section(slow_topic, talk, news, mia, noor):
    for person in (mia, noor, mia, noor):
        reply_to(slow_topic, person)
    elsewhere = make_user("sam", "moderator")
    elsewhere.moderates = [news.pk]
    elsewhere.save()
    reply_to(slow_topic, elsewhere)
    with pytest.raises(SlowModeActive):
        reply_to(slow_topic, elsewhere)


def test_slow_mode_does_not_affect_other_topics(slow_topic, talk, ben, ada):
    from tests.conftest import start

    other = start(talk, ada, "Another")
    reply_to(other, ben)
    reply_to(other, ben)


def test_topic_page_announces_slow_mode(slow_topic, guest):
    assert "one reply per member every 10 minutes" in guest.get(slow_topic.get_absolute_url()).text


def test_slow_mode_is_set_once_and_ended_by_staff_only(topic, ada, mia, noor):
    client, address = browser_of(mia), f"{topic.get_absolute_url()}slow/"
    client.post(address, {"minutes": "60"})
    assert not set_slow_mode(topic=topic, by=noor, minutes=60)
    again = browser_of(noor).post(address, {"minutes": "60"}, follow=True)
    assert "mia already did this at " in again.text
    client.post(address, {"minutes": "0"})
    assert Topic.objects.get(pk=topic.pk).slow_minutes == 0
    assert list(LogEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "slow_down",
        "end_slow_mode",
    ]
    assert client.post(address, {"minutes": "7"}).status_code == 422
    with pytest.raises(NotAllowed):
        set_slow_mode(topic=topic, by=ada, minutes=10)


def test_in_minutes_writes_durations_in_words():
    assert [durations.in_minutes(n) for n in (1, 10, 60, 90, 240)] == [
        "1 minute", "10 minutes", "1 hour", "90 minutes", "4 hours",
    ]  # fmt: skip
