"""A topic closes by itself, and a pin ends by itself: at their time, whether a job has run or not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import LogEntry
from forum.access.errors import NotAllowed, TopicIsClosed
from forum.models import AutoCloseTimer, Closure, Pin, Topic
from moderation.tasks import apply_timers
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.pin import pin_topic
from moderation.topics.timers import cancel_auto_close, set_auto_close
from tests.conftest import browser_of, offers, reply_to, start

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def from_now(**kwargs):
    return timezone.now() + timedelta(**kwargs)


def advance_timer(topic, by=DAY * 2):
    """Moves the topic's time this much closer."""
    topic.refresh_from_db()
    Topic.objects.filter(pk=topic.pk).update(closes_at=topic.closes_at - by)
    topic.refresh_from_db()


def test_topic_rejects_replies_after_auto_close_time(topic, ben, mia, sign_in):
    set_auto_close(topic=topic, by=mia, at=from_now(days=1), reason="The meeting is over.")
    reply_to(topic, ben, "In time.")
    advance_timer(topic)
    with pytest.raises(TopicIsClosed):
        reply_to(topic, ben, "Too late.")
    late = sign_in(ben).post(
        topic.url_for("reply"),
        {"body": "Too late.", "submission_key": "11111111-2222-4333-8444-555555555555"},
    )
    assert late.status_code == 409
    assert "The meeting is over." in late.text
    assert not Closure.objects.exists()  # no row has been written yet


def test_auto_close_is_visible_at_once_on_cached_pages(topic, ben, mia, sign_in, guest, clock):
    set_auto_close(topic=topic, by=mia, at=from_now(days=1))
    for client in (guest, sign_in(ben)):
        page = client.get(topic.get_absolute_url()).text
        assert '<span class="state closed">' not in page
        assert "data-countdown" in page
    assert "in 23 hours" in page
    Topic.objects.filter(pk=topic.pk).update(closes_at=from_now(minutes=5), version=topic.version + 5)
    assert offers(sign_in(ben).get(topic.get_absolute_url()), "reply")
    clock.move_on(minutes=6)  # nothing else happens: the cached page is unchanged
    page = sign_in(ben).get(topic.get_absolute_url())
    assert '<span class="state closed">' in page.text
    assert "closed automatically" in page.text
    assert not offers(page, "reply")


def test_job_stores_automatic_closure_once(topic, mia):
    set_auto_close(topic=topic, by=mia, days=14)
    advance_timer(topic, DAY * 15)
    before = topic.version
    apply_timers(0)
    apply_timers(0)
    topic.refresh_from_db()
    closure = Closure.objects.get()
    assert (closure.is_automatic, closure.closed_by) == (True, mia)
    assert closure.reason == "Closed automatically after 14 days of inactivity."
    assert topic.version == before + 1  # so that guests' cached pages are made anew
    assert (topic.closes_at, AutoCloseTimer.objects.count()) == (None, 0)
    assert list(LogEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "set_timer",
        "close_by_itself",
    ]


def test_reply_postpones_inactivity_timer_but_not_fixed_time(topic, ben, mia):
    set_auto_close(topic=topic, by=mia, days=14)
    advance_timer(topic, DAY * 13)
    newest = reply_to(topic, ben, "Still here.")
    topic.refresh_from_db()
    assert topic.closes_at == newest.posted_at + DAY * 14
    set_auto_close(topic=topic, by=mia, at=from_now(days=3))
    reply_to(topic, ben, "And now?")
    topic.refresh_from_db()
    assert topic.closes_at < from_now(days=4)  # a fixed time is not moved


def test_manual_close_ends_timer_or_returns_automatic_closure(topic, mia, noor):
    set_auto_close(topic=topic, by=mia, days=1)
    close_topic(topic=topic, by=noor, reason="Solved.")
    assert not AutoCloseTimer.objects.exists()
    reopen_topic(topic=topic, by=noor, reason="Not solved.")
    assert not Topic.objects.get(pk=topic.pk).is_closed
    set_auto_close(topic=topic, by=mia, days=1)
    advance_timer(topic)
    closure = close_topic(topic=topic, by=noor, reason="Solved.")
    assert (closure.closed_by, closure.is_automatic) == (mia, True)
    assert_timer_rejected(topic, mia)


def assert_timer_rejected(topic, by):
    with pytest.raises(TopicIsClosed):
        set_auto_close(topic=topic, by=by, days=1)


def test_automatically_closed_topic_can_be_reopened(topic, ben, mia):
    set_auto_close(topic=topic, by=mia, days=1)
    advance_timer(topic)
    assert reopen_topic(topic=topic, by=mia, reason="One more thing.")
    assert reply_to(topic, ben).pk


def test_setting_or_cancelling_timer_again_changes_nothing(topic, mia, noor):
    set_auto_close(topic=topic, by=mia, days=7)
    assert set_auto_close(topic=topic, by=noor, days=7).set_by == mia
    assert LogEntry.objects.count() == 1
    assert cancel_auto_close(topic=topic, by=noor)
    assert not cancel_auto_close(topic=topic, by=mia)
    page = browser_of(mia).post(f"{topic.get_absolute_url()}timer/stop/", follow=True)
    assert "noor already did this at " in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"at": "2001-01-01T10:00"}, {"at": "2999-01-01T10:00"}, {"at": "soon"}, {"days": "0"}, {"days": "999"},
        {"days": "3", "at": "2027-01-01T10:00"},
    ],
)  # fmt: skip
def test_invalid_timer_form_gets_422(topic, mia, fields):
    page = browser_of(mia).post(f"{topic.get_absolute_url()}timer/", fields)
    assert page.status_code == 422
    assert not AutoCloseTimer.objects.exists()


def test_timer_form_uses_time_zone_of_moderator(topic, mia):
    mia.time_zone = "Asia/Tokyo"
    mia.save()
    said = from_now(days=3).strftime("%Y-%m-%dT18:00")
    assert browser_of(mia).post(f"{topic.get_absolute_url()}timer/", {"at": said}).status_code == 302
    topic.refresh_from_db()
    assert topic.closes_at.hour == 9


def test_only_staff_can_set_timer(topic, ada, ben, mia):
    for person, may in ((None, False), (ada, False), (ben, False), (mia, True)):
        browser_of(person).post(f"{topic.get_absolute_url()}timer/", {"days": "3"})
        assert AutoCloseTimer.objects.exists() is may
    with pytest.raises(NotAllowed):
        set_auto_close(topic=topic, by=ada, days=3)


def test_topic_lists_respect_expired_timers_and_pins(talk, news, topic, mia, guest):
    announced = start(news, mia, "Maintenance")
    set_auto_close(topic=announced, by=mia, days=1)
    pin_topic(topic=topic, by=mia, until=from_now(days=1))
    assert set(Topic.objects.open()) == {topic, announced}
    assert list(Topic.objects.pinned()) == [topic]
    advance_timer(announced)
    Pin.objects.update(until=timezone.now())
    assert set(Topic.objects.open()) == {t for t in Topic.objects.all() if not t.is_closed} == {topic}
    assert set(Topic.objects.pinned()) == {t for t in Topic.objects.all() if t.is_pinned} == set()
    page = guest.get("/s/talk/").text
    assert topic.title in page
    assert "Pinned" not in page
    apply_timers(0)
    assert not Pin.objects.exists()
    assert LogEntry.objects.filter(act="unpin_by_itself").count() == 1


def test_pin_has_end_date_and_another_end_is_a_new_action(topic, mia, noor):
    client = browser_of(mia)
    until = from_now(days=3)
    client.post(f"{topic.get_absolute_url()}pin/", {"until": until.strftime("%Y-%m-%dT12:00")})
    pin = Pin.objects.get()
    assert pin.until.date() == until.date()
    assert pin_topic(topic=topic, by=noor, until=pin.until).pinned_by == mia
    assert pin_topic(topic=topic, by=noor).pinned_by == noor  # a pin with another end is a new act
    assert LogEntry.objects.filter(act="pin").count() == 2
