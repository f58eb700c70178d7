from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import LogEntry
from forum.access.errors import NotAllowed, TopicIsClosed
from forum.models import Closure, Pin, Section
from forum.models.topic import TopicQuerySet
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.pin import pin_topic
from tests.conftest import offers, reply_to, start
from tests.support.concurrency import disable_locks, only_errors, run_concurrently


@pytest.fixture
def other(talk, ada):
    return start(talk, ada, "News of it")


def test_moderator_closes_topic_with_reason_and_topic_to_read_instead(topic, other, mia):
    before = topic.version
    closure = close_topic(topic=topic, by=mia, reason="Solved.", read_instead=other)
    topic.refresh_from_db()
    assert topic.is_closed
    assert (closure.closed_by, closure.reason, closure.read_instead) == (mia, "Solved.", other)
    assert topic.version == before + 1
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why, entry.topic_id) == ("close", mia, "Solved.", topic.pk)
    assert (entry.target_kind, entry.target_id, entry.target_name) == ("topic", topic.pk, topic.title)


def test_closing_twice_creates_one_closure_and_one_log_entry(topic, mia, noor, logged_actions):
    first = close_topic(topic=topic, by=mia, reason="Solved.")
    assert close_topic(topic=topic, by=noor, reason="Again.") == first
    assert Closure.objects.get().reason == "Solved."
    assert logged_actions() == ["close"]


def test_closed_topic_rejects_replies(topic, ben, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    with pytest.raises(TopicIsClosed):
        reply_to(topic, ben)


def test_reopened_topic_accepts_replies_and_is_logged_once(topic, ben, mia, logged_actions):
    close_topic(topic=topic, by=mia, reason="Solved.")
    assert reopen_topic(topic=topic, by=mia, reason="Not yet.")
    assert not reopen_topic(topic=topic, by=mia)
    reply_to(topic, ben)
    assert logged_actions() == ["close", "reopen"]
    assert LogEntry.objects.last().why == "Not yet."


@pytest.mark.parametrize("act", [close_topic, reopen_topic])
def test_members_and_guests_cannot_close_or_reopen(topic, ada, ben, mia, act):
    if act is reopen_topic:
        close_topic(topic=topic, by=mia, reason="Solved.")
    before = Closure.objects.count()
    for person in (ada, ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            act(topic=topic, by=person, reason="Mine.")
    assert Closure.objects.count() == before


def test_topic_cannot_be_its_own_topic_to_read_instead(topic, mia):
    with pytest.raises(NotAllowed):
        close_topic(topic=topic, by=mia, reason="Solved.", read_instead=topic)
    assert not Closure.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_concurrent_closings_close_once(topic, mia, noor, logged_actions):
    outcomes = run_concurrently(
        *(partial(close_topic, topic=topic, by=by, reason=by.name) for by in (mia, noor) for _ in range(5))
    )
    assert only_errors(outcomes) == []
    assert len({closure.pk for closure in outcomes}) == 1
    assert logged_actions() == ["close"]


@pytest.mark.django_db(transaction=True)
def test_control_concurrent_closings_fail_without_lock(topic, mia, noor, monkeypatch):
    disable_locks(monkeypatch, TopicQuerySet, people=2)
    outcomes = run_concurrently(
        *(partial(close_topic, topic=topic, by=by, reason=by.name) for by in (mia, noor))
    )
    assert only_errors(outcomes)


# --- The pages ---


def test_close_page_closes_topic(client, topic, other, mia):
    client.force_login(mia)
    page = client.get(topic_url(topic, "close"))
    assert offers(page, "close")
    response = client.post(
        topic_url(topic, "close"), {"reason": "Solved.", "read_instead": other.get_absolute_url()}
    )
    assert (response.status_code, response["Location"]) == (302, topic.get_absolute_url())
    assert Closure.objects.get().read_instead == other


@pytest.mark.parametrize(
    ("fields", "wrong_field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"reason": "Solved.", "read_instead": "nowhere"}, "read_instead"),
        ({"reason": "Solved.", "read_instead": "999999"}, "read_instead"),
    ],
)
def test_invalid_close_form_shows_field_error_and_preserves_input(client, topic, mia, fields, wrong_field):
    client.force_login(mia)
    response = client.post(topic_url(topic, "close"), fields)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [wrong_field]
    assert fields.get("read_instead", fields["reason"]) in response.text
    assert not Closure.objects.exists()


def test_close_reason_is_joined_to_one_line_of_200_characters(client, topic, mia):
    client.force_login(mia)
    client.post(topic_url(topic, "close"), {"reason": "a\r\n" * 99 + "zz"})
    assert Closure.objects.get().reason == "a " * 99 + "zz"


def test_close_form_rejects_the_topic_itself_as_read_instead(client, topic, mia):
    client.force_login(mia)
    response = client.post(topic_url(topic, "close"), {"reason": "Solved.", "read_instead": str(topic.pk)})
    assert response.status_code == 422


@pytest.mark.parametrize("act", ["close", "reopen", "pin", "unpin"])
def test_close_and_pin_pages_reject_members_and_guests(client, topic, ada, ben, mia, act):
    if act == "reopen":
        close_topic(topic=topic, by=mia, reason="Solved.")
    before = state_of(topic)
    for person in (None, ada, ben):
        client.logout()
        if person:
            client.force_login(person)
        response = client.post(topic_url(topic, act), {"reason": "I want to."})
        assert response.status_code == 403
        assert state_of(topic) == before


@pytest.mark.parametrize(("act", "status"), [("close", 302), ("reopen", 302), ("pin", 302), ("unpin", 405)])
def test_get_by_guest_changes_nothing(client, topic, mia, logged_actions, act, status):
    """Reopening and unpinning would change something: the topic is closed and pinned for them."""
    if act == "reopen":
        close_topic(topic=topic, by=mia, reason="Solved.")
    if act == "unpin":
        pin_topic(topic=topic, by=mia)
    before = logged_actions()
    assert client.get(topic_url(topic, act)).status_code == status
    assert logged_actions() == before
    assert (Closure.objects.exists(), Pin.objects.exists()) == (act == "reopen", act == "unpin")


def test_close_page_of_hidden_topic_is_404(client, topic, ben):
    Section.objects.update(read_by=Section.Audience.STAFF)
    client.force_login(ben)
    assert client.post(topic_url(topic, "close"), {"reason": "Solved."}).status_code == 404


def test_second_moderator_sees_who_closed_first(client, topic, mia, noor):
    close_topic(topic=topic, by=mia, reason="Solved.")
    client.force_login(noor)
    response = client.post(topic_url(topic, "close"), {"reason": "Mine."}, follow=True)
    assert "mia already did this" in response.text


def test_reopen_page_requires_valid_reason(client, topic, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    client.force_login(mia)
    assert client.post(topic_url(topic, "reopen"), {"reason": "x" * 201}).status_code == 422
    assert Closure.objects.exists()
    assert client.post(topic_url(topic, "reopen")).status_code == 422
    assert client.post(topic_url(topic, "reopen"), {"reason": "Not solved."}).status_code == 302
    assert not Closure.objects.exists()


def topic_url(topic, act: str) -> str:
    return f"/t/{topic.pk}/any-slug/{act}/"


def state_of(topic) -> tuple:
    return Closure.objects.count(), LogEntry.objects.count()
