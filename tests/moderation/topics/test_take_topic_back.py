"""Authors delete their own topic while nobody has replied, and restore what they deleted themselves."""

from uuid import uuid4

import pytest

from accounts.models import LogEntry, User
from forum.access.errors import HasReplies, NotAllowed, PostPendingApproval, TopicIsClosed
from forum.drafts import store as drafts_store
from forum.models import NewMemberLimits, PendingPost, Section, SectionVersion, Topic, TopicRemoval
from forum.models.draft import reply_draft_key
from moderation.access.errors import CannotApprove
from moderation.approval.approve import approve_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from moderation.topics.remove import remove_topic, restore_topic
from notifications.models import Notification
from tests.conftest import browser_of, offers, reply_to, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(talk, ada) -> Topic:
    """Ada's topic, without a reply."""
    return start(talk, ada, "Never mind")


def is_removed(topic: Topic) -> bool:
    return Topic.objects.get(pk=topic.pk).is_removed


def test_its_page_offers_it_and_it_is_gone_for_others(own, talk, ada, ben, guest):
    client, before = browser_of(ada), SectionVersion.objects.topics_in(talk)
    assert offers(client.get(own.get_absolute_url()), "remove_topic")
    assert not offers(browser_of(ben).get(own.get_absolute_url()), "remove_topic")
    page = client.get(own.url_for("topic") + "remove/")
    assert offers(page, "remove_topic")
    assert 'name="reason"' not in page.text
    response = client.post(own.url_for("topic") + "remove/")
    assert (response.status_code, response["Location"]) == (302, talk.get_absolute_url())
    for reader in (guest, browser_of(ben), client):
        assert reader.get(own.get_absolute_url()).status_code == 404
        assert "Never mind" not in reader.get(talk.get_absolute_url()).text.replace("“Never mind”", "")
    assert SectionVersion.objects.topics_in(talk) == before - 1


def test_the_record_says_nothing_of_what_authors_do_with_their_own(own, ada):
    removal = remove_topic(topic=own, by=ada)
    assert (removal.removed_by, removal.reason) == (ada, "")
    restore_topic(topic=own, by=ada)
    assert not LogEntry.objects.exists()


def test_twice_is_once(own, ada):
    assert remove_topic(topic=own, by=ada) == remove_topic(topic=own, by=ada)
    assert restore_topic(topic=own, by=ada)
    assert not restore_topic(topic=own, by=ada)


def test_its_author_finds_the_way_back_in_the_inbox(own, talk, ada, ben):
    remove_topic(topic=own, by=ada)
    client, address = browser_of(ada), Notification.objects.get(member=ada).url
    assert address == own.url_for("topic") + "restore/"
    assert offers(client.get(address), "restore_topic")
    assert browser_of(ben).get(address).status_code == 404
    assert browser_of(ben).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(address)["Location"] == own.get_absolute_url()


def test_with_a_reply_it_stays_whatever_became_of_the_reply(own, ada, ben, mia):
    said = reply_to(own, ben)
    for _ in range(2):
        with pytest.raises(HasReplies):
            remove_topic(topic=own, by=ada)
        if not said.is_removed:
            said.removal = remove_post(post=said, by=mia, reason="Spam.")
    response = browser_of(ada).post(own.url_for("topic") + "remove/")
    assert response.status_code == 403
    assert "before anyone has replied" in response.text
    assert not is_removed(own)


def test_closed_archived_and_others_topics_stay(own, talk, ada, ben, mia):
    with pytest.raises(NotAllowed):
        remove_topic(topic=own, by=ben)
    close_topic(topic=own, by=mia, reason="Solved.")
    with pytest.raises(TopicIsClosed):
        remove_topic(topic=own, by=ada)
    other = start(talk, ada)
    Section.objects.update(archived_at="2026-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        remove_topic(topic=other, by=ada)
    assert not TopicRemoval.objects.exists()


def test_suspended_nobody_removes_and_silenced_nobody_restores(own, ada):
    User.objects.filter(pk=ada.pk).update(suspended_until="2100-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        remove_topic(topic=own, by=ada)
    User.objects.filter(pk=ada.pk).update(suspended_until=None)
    remove_topic(topic=own, by=ada)
    User.objects.filter(pk=ada.pk).update(silenced_until="2100-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        restore_topic(topic=own, by=ada)


def test_what_staff_removed_is_not_the_authors_to_restore(own, ada, mia):
    remove_topic(topic=own, by=mia, reason="Spam.")
    with pytest.raises(NotAllowed):
        restore_topic(topic=own, by=ada)
    with pytest.raises(NotAllowed):
        remove_topic(topic=own, by=ada)
    assert browser_of(ada).get(own.url_for("topic") + "restore/").status_code == 404


def test_staff_restore_what_an_author_removed_and_that_is_recorded(own, ada, mia):
    remove_topic(topic=own, by=ada)
    assert restore_topic(topic=own, by=mia)
    assert LogEntry.objects.get().act == "restore_topic"


def test_what_others_had_begun_or_sent_there_is_not_lost(own, ada, ben, nora, mia):
    NewMemberLimits.objects.update_or_create(pk=1, defaults={"hold_first": True})
    drafts_store.save(by=ben, draft_key=reply_draft_key(own.pk), version=0, body="Half a thought")
    with pytest.raises(PostPendingApproval) as held:
        reply_to(own, nora, "My first words")
    remove_topic(topic=own, by=ada)
    assert drafts_store.find(ben, reply_draft_key(own.pk)).body == "Half a thought"
    assert "Half a thought" in browser_of(ben).get("/drafts/").text
    waiting = PendingPost.objects.get()
    assert waiting == held.value.pending
    assert "My first words" in browser_of(nora).get(waiting.get_absolute_url()).text
    with pytest.raises(CannotApprove):
        approve_post(pending=waiting, by=mia)
    restore_topic(topic=own, by=ada)
    assert approve_post(pending=waiting, by=mia).topic == own


def test_a_reply_that_comes_too_late_gets_its_text_back(own, ada, ben, monkeypatch):
    from forum.posts import create as posts_create

    asked = posts_create.check_post

    def ask_late(*given, **named):
        remove_topic(topic=own, by=ada)
        return asked(*given, **named)

    monkeypatch.setattr(posts_create, "check_post", ask_late)
    response = browser_of(ben).post(
        own.url_for("reply"), {"body": "All of my words", "submission_key": str(uuid4())}
    )
    assert response.status_code == 403
    assert "All of my words" in response.text
