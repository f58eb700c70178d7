"""Moving a topic to another section."""

import pytest

from accounts.models import LogEntry
from forum.access.errors import NotAllowed
from forum.models import Section, SectionVersion, Topic
from moderation.topics.move import move_topic
from notifications.models import Notification
from tests.conftest import browser_of, make_user, reply_to

pytestmark = pytest.mark.django_db


def move(topic, person, to):
    return browser_of(person).post(f"{topic.get_absolute_url()}move/", {"section": to.pk}, follow=True)


def test_moved_topic_is_listed_in_new_section_and_keeps_its_url(topic, talk, news, mia, guest):
    assert move_topic(topic=topic, to=news, by=mia, reason="It belongs there.")
    assert (SectionVersion.objects.topics_in(talk), SectionVersion.objects.topics_in(news)) == (0, 1)
    assert topic.title in guest.get("/s/news/").text
    assert topic.title not in guest.get("/s/talk/").text
    assert guest.get(topic.get_absolute_url()).status_code == 200
    entry = LogEntry.objects.get()
    assert (entry.act, entry.section_id, entry.facts["after"]["section"]) == ("move_topic", talk.pk, news.pk)


def test_second_moderator_sees_who_moved_first(topic, news, mia, noor):
    move_topic(topic=topic, to=news, by=mia)
    assert "mia already did this at " in move(topic, noor, news).text
    assert LogEntry.objects.count() == 1


@pytest.mark.slow
def test_topic_move_requires_staff_role_in_both_sections(topic, talk, news, ada, mia, noor):
    """Staff of both sections."""
    of_one, of_both = make_user("one", "moderator"), make_user("both", "moderator")
    for person, sections in ((of_one, [talk.pk]), (of_both, [talk.pk, news.pk])):
        person.moderates = sections
        person.save()
    for person, may in ((ada, False), (of_one, False), (of_both, True), (mia, True), (noor, True)):
        move(topic, person, news)
        assert (Topic.objects.get(pk=topic.pk).section == news) is may, person
        if may:
            move_topic(topic=topic, to=talk, by=noor)
    with pytest.raises(NotAllowed):
        move_topic(topic=topic, to=news, by=of_one)


def test_topic_cannot_be_moved_into_archived_section(topic, news, mia):
    Section.objects.filter(pk=news.pk).update(archived_at="2026-01-01T00:00Z")
    assert move(topic, mia, news).status_code == 422
    with pytest.raises(NotAllowed):
        move_topic(topic=topic, to=news, by=mia)


def test_topic_moved_to_staff_section_is_hidden_from_others(topic, bens, ada, mia, guest):
    room = Section.objects.create(name="Room", slug="room", read_by="staff")
    guest.get(topic.get_absolute_url())
    move_topic(topic=topic, to=room, by=mia)
    topic.refresh_from_db()
    assert topic.taken_back_at is not None
    for client in (guest, browser_of(ada)):
        assert client.get(topic.get_absolute_url()).status_code == 404
        assert client.get(f"/p/{bens.pk}/").status_code == 404
    assert "Room" not in Notification.objects.get(member=ada).text


def test_topic_move_recomputes_unread_position_for_new_section(topic, talk, ben, mia):
    strict = Section.objects.create(name="Strict", slug="strict", fold_thanks=False)
    reply_to(topic, ben, "Thank you!")
    topic.refresh_from_db()
    assert topic.unread_position == 2
    move_topic(topic=topic, to=strict, by=mia)
    topic.refresh_from_db()
    assert topic.unread_position == 3
