from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from forum.access.errors import NotAllowed
from forum.models import Pin
from forum.models.topic import TopicQuerySet
from moderation.topics.pin import pin_topic, unpin_topic
from tests.support.concurrency import disable_locks, only_errors, run_concurrently


def test_staff_pin_and_unpin(topic, mia, noor, logged_actions):
    before = topic.version
    pin = pin_topic(topic=topic, by=mia)
    assert pin_topic(topic=topic, by=noor) == pin
    topic.refresh_from_db()
    assert (topic.pin.pinned_by, topic.version) == (mia, before + 1)
    assert unpin_topic(topic=topic, by=noor)
    assert not unpin_topic(topic=topic, by=noor)
    assert logged_actions() == ["pin", "unpin"]


def test_members_and_guests_cannot_pin_or_unpin(topic, ada, mia):
    for person in (ada, AnonymousUser()):
        with pytest.raises(NotAllowed):
            pin_topic(topic=topic, by=person)
    assert not Pin.objects.exists()
    pin_topic(topic=topic, by=mia)
    for person in (ada, AnonymousUser()):
        with pytest.raises(NotAllowed):
            unpin_topic(topic=topic, by=person)
    assert Pin.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_concurrent_pins_pin_once(topic, mia, noor, logged_actions):
    outcomes = run_concurrently(
        *(partial(pin_topic, topic=topic, by=by) for by in (mia, noor) for _ in range(5))
    )
    assert only_errors(outcomes) == []
    assert logged_actions() == ["pin"]


@pytest.mark.django_db(transaction=True)
def test_control_concurrent_pins_fail_or_pin_twice_without_lock(
    topic, mia, noor, monkeypatch, logged_actions
):
    """At the same moment, where the second fails; or one after the other, where the second replaces the first."""
    disable_locks(monkeypatch, TopicQuerySet, people=2)
    for _ in range(10):  # on a busy machine the second may begin when the first has ended
        Pin.objects.all().delete()
        before = logged_actions()
        outcomes = run_concurrently(*(partial(pin_topic, topic=topic, by=by) for by in (mia, noor)))
        if only_errors(outcomes) or len(logged_actions()) == len(before) + 2:
            return
    pytest.fail("one pin and no error in ten attempts")


def test_pin_and_unpin_urls_change_pin(client, topic, mia):
    client.force_login(mia)
    for act, is_pinned in (("pin", True), ("unpin", False)):
        response = client.post(f"/t/{topic.pk}/slug/{act}/")
        assert (response.status_code, response["Location"]) == (302, topic.get_absolute_url())
        assert Pin.objects.exists() is is_pinned
