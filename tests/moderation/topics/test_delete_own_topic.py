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
def own_topic(talk, ada) -> Topic:
    """Ada's topic, without a reply."""
    return start(talk, ada, "Never mind")


def is_removed(topic: Topic) -> bool:
    return Topic.objects.get(pk=topic.pk).is_removed


@pytest.mark.slow
def test_author_deletes_topic_on_its_page_and_topic_disappears(own_topic, talk, ada, ben, guest):
    client, before = browser_of(ada), SectionVersion.objects.topics_in(talk)
    assert offers(client.get(own_topic.get_absolute_url()), "remove_topic")
    assert not offers(browser_of(ben).get(own_topic.get_absolute_url()), "remove_topic")
    page = client.get(own_topic.url_for("topic") + "remove/")
    assert offers(page, "remove_topic")
    assert 'name="reason"' not in page.text
    response = client.post(own_topic.url_for("topic") + "remove/")
    assert (response.status_code, response["Location"]) == (302, talk.get_absolute_url())
    for reader in (guest, browser_of(ben), client):
        assert reader.get(own_topic.get_absolute_url()).status_code == 404
        assert "Never mind" not in reader.get(talk.get_absolute_url()).text.replace("“Never mind”", "")
    assert SectionVersion.objects.topics_in(talk) == before - 1


def test_deletion_and_restore_by_author_are_not_logged(own_topic, ada):
    removal = remove_topic(topic=own_topic, by=ada)
    assert (removal.removed_by, removal.reason) == (ada, "")
    restore_topic(topic=own_topic, by=ada)
    assert not LogEntry.objects.exists()


def test_second_deletion_and_second_restore_are_ignored(own_topic, ada):
    assert remove_topic(topic=own_topic, by=ada) == remove_topic(topic=own_topic, by=ada)
    assert restore_topic(topic=own_topic, by=ada)
    assert not restore_topic(topic=own_topic, by=ada)


def test_deletion_notification_lets_author_restore_topic(own_topic, talk, ada, ben):
    remove_topic(topic=own_topic, by=ada)
    client, address = browser_of(ada), Notification.objects.get(member=ada).url
    assert address == own_topic.url_for("topic") + "restore/"
    assert offers(client.get(address), "restore_topic")
    assert browser_of(ben).get(address).status_code == 404
    assert browser_of(ben).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert client.get(own_topic.get_absolute_url()).status_code == 200
    assert client.get(address)["Location"] == own_topic.get_absolute_url()


def test_author_cannot_delete_topic_that_ever_had_a_reply(own_topic, ada, ben, mia):
    said = reply_to(own_topic, ben)
    for _ in range(2):
        with pytest.raises(HasReplies):
            remove_topic(topic=own_topic, by=ada)
        if not said.is_removed:
            said.removal = remove_post(post=said, by=mia, reason="Spam.")
    response = browser_of(ada).post(own_topic.url_for("topic") + "remove/")
    assert response.status_code == 403
    assert "before anyone has replied" in response.text
    assert not is_removed(own_topic)


def test_author_cannot_delete_closed_archived_or_others_topic(own_topic, talk, ada, ben, mia):
    with pytest.raises(NotAllowed):
        remove_topic(topic=own_topic, by=ben)
    close_topic(topic=own_topic, by=mia, reason="Solved.")
    with pytest.raises(TopicIsClosed):
        remove_topic(topic=own_topic, by=ada)
    other = start(talk, ada)
    Section.objects.update(archived_at="2026-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        remove_topic(topic=other, by=ada)
    assert not TopicRemoval.objects.exists()


def test_suspended_author_cannot_delete_and_silenced_cannot_restore(own_topic, ada):
    User.objects.filter(pk=ada.pk).update(suspended_until="2100-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        remove_topic(topic=own_topic, by=ada)
    User.objects.filter(pk=ada.pk).update(suspended_until=None)
    remove_topic(topic=own_topic, by=ada)
    User.objects.filter(pk=ada.pk).update(silenced_until="2100-01-01T00:00Z")
    with pytest.raises(NotAllowed):
        restore_topic(topic=own_topic, by=ada)


def test_author_cannot_restore_topic_removed_by_staff(own_topic, ada, mia):
    remove_topic(topic=own_topic, by=mia, reason="Spam.")
    with pytest.raises(NotAllowed):
        restore_topic(topic=own_topic, by=ada)
    with pytest.raises(NotAllowed):
        remove_topic(topic=own_topic, by=ada)
    assert browser_of(ada).get(own_topic.url_for("topic") + "restore/").status_code == 404


def test_restore_by_staff_of_topic_deleted_by_author_is_logged(own_topic, ada, mia):
    remove_topic(topic=own_topic, by=ada)
    assert restore_topic(topic=own_topic, by=mia)
    assert LogEntry.objects.get().act == "restore_topic"


def test_drafts_and_pending_replies_survive_topic_deletion(own_topic, ada, ben, nora, mia):
    NewMemberLimits.objects.update_or_create(pk=1, defaults={"hold_first": True})
    drafts_store.save(by=ben, draft_key=reply_draft_key(own_topic.pk), version=0, body="Half a thought")
    with pytest.raises(PostPendingApproval) as held:
        reply_to(own_topic, nora, "My first words")
    remove_topic(topic=own_topic, by=ada)
    assert drafts_store.find(ben, reply_draft_key(own_topic.pk)).body == "Half a thought"
    assert "Half a thought" in browser_of(ben).get("/drafts/").text
    waiting = PendingPost.objects.get()
    assert waiting == held.value.pending
    assert "My first words" in browser_of(nora).get(waiting.get_absolute_url()).text
    with pytest.raises(CannotApprove):
        approve_post(pending=waiting, by=mia)
    restore_topic(topic=own_topic, by=ada)
    assert approve_post(pending=waiting, by=mia).topic == own_topic


def test_reply_during_topic_deletion_gets_403_and_preserves_text(own_topic, ada, ben, monkeypatch):
    from forum.posts import create as posts_create

    original_check = posts_create.check_post

    def remove_topic_before_check(*given, **named):
        remove_topic(topic=own_topic, by=ada)
        return original_check(*given, **named)

    monkeypatch.setattr(posts_create, "check_post", remove_topic_before_check)
    response = browser_of(ben).post(
        own_topic.url_for("reply"), {"body": "All of my words", "submission_key": str(uuid4())}
    )
    assert response.status_code == 403
    assert "All of my words" in response.text
