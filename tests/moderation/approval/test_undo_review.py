"""The approval or rejection of a pending post is undone."""

import pytest

from accounts.models import LogEntry
from config.backup.check_counters import faults
from forum.models import Post
from moderation.approval.approve import approve_post, reject_post
from moderation.log.undo import undo_entry
from notifications.models import Notification
from tests.support.new_member_limits import only_pending_post

pytestmark = pytest.mark.django_db


def test_undoing_rejection_makes_post_pending_again(text, nora, mia, noor):
    reject_post(pending=text, by=mia, reason="No.")
    undone = undo_entry(entry=LogEntry.objects.get(), by=noor)
    assert (undone.act, undone.target_id) == ("wait_again", text.pk)
    assert only_pending_post().is_pending
    assert "is awaiting approval again" in Notification.objects.filter(member=nora).latest("pk").text
    nora.refresh_from_db()
    assert nora.texts_waiting == 1
    assert faults() == []
    approve_post(pending=text, by=noor)


def test_undoing_approval_removes_the_post(text, topic, mia):
    post = approve_post(pending=text, by=mia)
    undone = undo_entry(entry=LogEntry.objects.get(act="let_in"), by=mia)
    assert (undone.act, undone.undoes.act) == ("remove", "let_in")
    assert Post.objects.get(pk=post.pk).is_removed
    assert faults() == []
