"""A removed topic is as if it never existed, for everybody but staff of its section."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import LogEntry
from forum.access.errors import HasReplies, NotAllowed
from forum.models import SectionVersion, Topic, TopicRemoval
from forum.posts.create import create_reply
from moderation.topics.remove import remove_topic, restore_topic
from notifications.models import Notification
from tests.conftest import browser_of, make_user, offers, reply_to, start

pytestmark = pytest.mark.django_db


def section_moderator(section, name="sam"):
    moderator = make_user(name, "moderator")
    moderator.moderates = [section.pk]
    moderator.save()
    return moderator


def test_removed_topic_leaves_lists_until_restored(topic, talk, mia):
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


def test_second_removal_and_second_restore_are_ignored(topic, mia, noor):
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


def test_topic_author_is_notified_of_removal_reason(topic, ada, mia):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    assert Notification.objects.get(member=ada).text == "Your topic “Slow search” was removed: Spam."


@pytest.mark.slow
def test_only_staff_of_the_section_can_remove_and_restore_topic(topic, talk, news, ada, ben, mia, noor):
    people = [(ada, False), (ben, False), (section_moderator(news), False), (mia, True), (noor, True)]
    for person, may in [*people, (section_moderator(talk, "tom"), True)]:
        client = browser_of(person)
        client.post(topic.url_for("topic") + "remove/", {"reason": "Spam."})
        assert Topic.objects.get(pk=topic.pk).is_removed is may, person
        if not may:
            with pytest.raises(HasReplies if person == ada else NotAllowed):
                remove_topic(topic=topic, by=person, reason="Spam.")
            remove_topic(topic=topic, by=mia, reason="Spam.")
        client.post(topic.url_for("topic") + "restore/")
        assert Topic.objects.get(pk=topic.pk).is_removed is not may, person
        if not may:
            with pytest.raises(NotAllowed):
                restore_topic(topic=topic, by=person)
            restore_topic(topic=topic, by=mia)


def test_removal_requires_a_reason(topic, mia):
    response = browser_of(mia).post(topic.url_for("topic") + "remove/", {"reason": " "})
    assert response.status_code == 422
    assert not TopicRemoval.objects.exists()


def test_removed_topic_is_visible_to_staff_of_the_section_only(topic, talk, news, ada, ben, mia):
    remove_topic(topic=topic, by=mia, reason="Spam.")
    for person in (None, ada, ben, section_moderator(news)):
        assert browser_of(person).get(topic.get_absolute_url()).status_code == 404
    for person in (mia, section_moderator(talk, "tom")):
        page = browser_of(person).get(topic.get_absolute_url())
        assert "This topic was removed" in page.text
        assert offers(page, "restore_topic")
        assert not offers(page, "reply")


def test_removed_topic_rejects_replies_and_actions_on_its_posts(topic, bens, ada, ben, mia):
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


def test_removed_topic_looks_like_a_topic_that_never_existed(topic, bens, ben, mia, guest):
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


def test_removed_topic_is_not_counted_as_unread(cleo, topic, mia):
    from forum.read_state.unread_topics import unread_counts, unread_topics

    start(topic.section, mia, "Another")
    counted = unread_counts(cleo).topics
    remove_topic(topic=topic, by=mia, reason="Spam.")
    assert unread_counts(cleo).topics == counted - 1
    assert topic not in unread_topics(cleo)
    assert topic not in unread_topics(mia)


def test_reply_under_way_is_rejected_after_removal(topic, ben, mia):
    stale = Topic.objects.get(pk=topic.pk)
    remove_topic(topic=topic, by=mia, reason="Spam.")
    with pytest.raises(NotAllowed):
        reply_to(stale, ben)
    assert Topic.objects.visible_to(AnonymousUser()).filter(pk=topic.pk).count() == 0
