"""A removed topic is as if it never existed, for everybody but staff of its section."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import LogEntry
from forum.access.errors import NotAllowed
from forum.models import SectionVersion, Topic, TopicRemoval
from forum.posts.create import create_reply
from moderation.topics.remove import remove_topic, restore_topic
from notifications.models import Notification
from tests.conftest import browser_of, make_user, offers, reply_to, start

pytestmark = pytest.mark.django_db


def limited_to(section, name="sam"):
    moderator = make_user(name, "moderator")
    moderator.moderates = [section.pk]
    moderator.save()
    return moderator


def test_it_leaves_every_list_and_comes_back(topic, talk, mia):
    before = SectionVersion.objects.topics_in(talk)
    removal = remove_topic(topic=topic, by=mia, reason="Spam.")
    assert (removal.removed_by, removal.reason) == (mia, "Spam.")
    assert SectionVersion.objects.topics_in(talk) == before - 1
    for address in ("/", "/s/talk/"):
        assert topic.title not in browser_of(mia).get(address).text
    assert restore_topic(topic=topic, by=mia)
    assert not TopicRemoval.objects.exists()
    assert SectionVersion.objects.topics_in(talk) == before
    assert topic.title in browser_of(None).get("/s/talk/").text


def test_who_comes_second_changes_nothing(topic, mia, noor):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    assert remove_topic(topic=topic, by=noor, reason="Rude.").removed_by == mia
    assert restore_topic(topic=topic, by=noor)
    assert not restore_topic(topic=topic, by=mia)
    assert list(LogEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "remove_topic",
        "restore_topic",
    ]
    page = browser_of(mia).post(topic.url_for("topic") + "restore/", follow=True)
    assert "noor already did this at " in page.text


def test_whoever_started_it_is_told_why(topic, ada, mia):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    assert Notification.objects.get(member=ada).text == "Your topic “Slow search” was removed: Spam."


def test_who_may(topic, talk, news, ada, ben, mia, noor):
    people = [(ada, False), (ben, False), (limited_to(news), False), (mia, True), (noor, True)]
    for person, may in [*people, (limited_to(talk, "tom"), True)]:
        client = browser_of(person)
        client.post(topic.url_for("topic") + "remove/", {"reason": "Spam."})
        assert Topic.objects.get(pk=topic.pk).is_removed is may, person
        client.post(topic.url_for("topic") + "restore/")
        assert not Topic.objects.get(pk=topic.pk).is_removed
        if not may:
            with pytest.raises(NotAllowed):
                remove_topic(topic=topic, by=person, reason="Spam.")


def test_a_reason_is_asked_for(topic, mia):
    answer = browser_of(mia).post(topic.url_for("topic") + "remove/", {"reason": " "})
    assert answer.status_code == 422
    assert not TopicRemoval.objects.exists()


def test_staff_of_the_section_read_it_and_nobody_else(topic, talk, news, ada, ben, mia):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    for person in (None, ada, ben, limited_to(news)):
        assert browser_of(person).get(topic.get_absolute_url()).status_code == 404
    for person in (mia, limited_to(talk, "tom")):
        page = browser_of(person).get(topic.get_absolute_url())
        assert "This topic was removed" in page.text
        assert offers(page, "restore_topic")
        assert not offers(page, "reply")


def test_nothing_can_be_done_in_it(topic, bens, ada, ben, mia):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    key = "11111111-2222-4333-8444-555555555555"
    for person in (ada, ben, mia):
        with pytest.raises(NotAllowed):
            create_reply(topic=topic, by=person, body="Late.", submission_key=key)
    client = browser_of(ada)
    for act in ("thank", "save", "report", "edit", "quote", "remove"):
        assert client.post(f"/p/{bens.pk}/{act}/", {"body": "x", "reason": "spam"}).status_code in (404, 405)
    late = client.post(topic.url_for("reply"), {"body": "My long text.", "submission_key": key})
    assert late.status_code == 404
    assert "My long text." in late.text


def test_what_is_hidden_is_as_what_never_was(topic, bens, ben, mia, guest):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    for client in (guest, browser_of(ben)):
        for hidden, missing in (
            (topic.get_absolute_url(), "/t/999999999/slow-search/"),
            (f"/p/{bens.pk}/", "/p/999999999/"),
            (f"/p/{bens.pk}/history/", "/p/999999999/history/"),
            (f"/t/{topic.pk}/a/feed/", "/t/999999999/a/feed/"),
        ):
            here, there = client.get(hidden), client.get(missing)
            assert (here.status_code, here.content) == (404, there.content)


def test_an_unread_topic_that_is_removed_is_not_counted(cleo, topic, mia):
    from forum.read_state import unread

    start(topic.section, mia, "Another")
    counted = unread.unread_count(cleo)
    remove_topic(topic=topic, by=mia, reason="Spam.")
    assert unread.unread_count(cleo) == counted - 1
    assert topic not in unread.unread_topics(cleo)
    assert topic not in unread.unread_topics(mia)


def test_a_reply_that_was_under_way_finds_it_removed(topic, ben, mia):
    stale = Topic.objects.get(pk=topic.pk)
    remove_topic(topic=topic, by=mia, reason="Spam.")
    with pytest.raises(NotAllowed):
        reply_to(stale, ben)
    assert Topic.objects.visible_to(AnonymousUser()).filter(pk=topic.pk).count() == 0
