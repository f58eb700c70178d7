"""Unused uploads are deleted after a day, and so are files that a crash left."""

import os
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from forum.access.errors import PostPendingApproval
from forum.approval import queue as approval_queue
from forum.attachments import cleanup, links as attachments_links
from forum.attachments.cleanup import UNUSED_PERIOD, delete_unused_attachments
from forum.drafts import store as drafts_store
from forum.models import Attachment
from forum.models.draft import reply_draft_key
from forum.post_text import prepare as post_text
from forum.posts.edit import edit_post
from forum.tasks import delete_unused_attachments as nightly
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.support.attachments import files_in
from tests.support.concurrency import run_concurrently
from tests.support.new_member_limits import LINKS, set_limits
from tests.support.pictures import scene


def grow_old(place=None, by: timedelta = UNUSED_PERIOD + timedelta(minutes=1)) -> None:
    Attachment.objects.update(uploaded_at=timezone.now() - by)
    then = time.time() - by.total_seconds()
    for path in place.rglob("*") if place else []:
        os.utime(path, (then, then))


@pytest.mark.slow
def test_unused_attachments_are_deleted_with_their_files_after_a_day(attach, ada, topic, attachment_dir):
    attach(ada, content=scene(2_000, 1_000))
    used = attach(ada)
    reply_to(topic, ada, used.markdown)
    grow_old(attachment_dir)
    today = attach(ada)
    nightly(0)
    assert set(Attachment.objects.all()) == {used, today}
    assert files_in(attachment_dir) == sorted([*used.files, *today.files])


def test_unused_attachment_is_not_deleted_within_a_day(attach, ada, attachment_dir):
    attach(ada)
    grow_old(attachment_dir, UNUSED_PERIOD - timedelta(minutes=1))
    assert delete_unused_attachments() == 0


def test_attachment_in_a_draft_is_not_deleted_while_the_draft_exists(attach, ada, topic, attachment_dir):
    begun = attach(ada)
    draft = drafts_store.save(
        by=ada, draft_key=reply_draft_key(topic.pk), version=0, body=f"Look: {begun.markdown}"
    )
    grow_old(attachment_dir)
    assert delete_unused_attachments() == 0
    drafts_store.discard(by=ada, pk=draft.pk)
    assert delete_unused_attachments() == len(begun.files)


@pytest.mark.slow
def test_attachment_of_a_removed_post_is_not_deleted(attach, ada, topic, attachment_dir):
    kept = attach(ada)
    remove_post(post=reply_to(topic, ada, kept.markdown), by=ada)
    grow_old(attachment_dir)
    assert (delete_unused_attachments(), Attachment.objects.count(), files_in(attachment_dir)) == (
        0,
        1,
        kept.files,
    )


@pytest.mark.slow
def test_old_files_without_a_row_are_deleted(attach, ada, topic, attachment_dir):
    kept = attach(ada, content=scene(2_000, 1_000))
    reply_to(topic, ada, kept.markdown)
    for name in ("ab/" + "ab" * 16, "ab/" + "ab" * 16 + ".480", "ab/.unfinished"):
        (attachment_dir / "posts/ab").mkdir(exist_ok=True)
        (attachment_dir / "posts" / name).write_bytes(b"x")
    assert delete_unused_attachments() == 0
    grow_old(attachment_dir)
    assert delete_unused_attachments() == 3
    assert files_in(attachment_dir) == sorted(kept.files)


def test_cleanup_without_any_attachments_deletes_nothing(db, attachment_dir):
    assert delete_unused_attachments() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_attachment_claimed_by_a_post_during_cleanup_keeps_its_files(attach, ada, topic, attachment_dir):
    for _ in range(5):
        kept = attach(ada)
        grow_old(attachment_dir)
        post, _ = run_concurrently(
            lambda kept=kept: reply_to(topic, ada, kept.markdown), delete_unused_attachments
        )
        kept = Attachment.objects.filter(pk=kept.pk).first()
        if kept:  # accepted: all of it is there
            assert (kept.post, set(kept.files) - set(files_in(attachment_dir))) == (post, set())
        connection.close()


def save_reply_draft(topic, by, body: str) -> None:
    drafts_store.save(by=by, draft_key=reply_draft_key(topic.pk), version=0, body=body)


@pytest.mark.parametrize("use", [reply_to, save_reply_draft])
def test_attachment_that_a_text_uses_during_cleanup_is_not_deleted(
    use, attach, ada, topic, attachment_dir, monkeypatch
):
    """Of two old ones, a text uses one while the files of the other are being deleted."""
    pair = [attach(ada), attach(ada)]
    grow_old(attachment_dir)
    delete_files = cleanup.files.delete_files

    def delete_late(*names):
        for left in Attachment.objects.unused():
            use(topic, ada, left.markdown)
        delete_files(*names)

    monkeypatch.setattr(cleanup.files, "delete_files", delete_late)
    assert delete_unused_attachments() == len(pair[0].files)
    assert files_in(attachment_dir) == sorted(Attachment.objects.get().files)


def run_cleanup_before_call(monkeypatch, module, name: str) -> list[int]:
    """Returns how many files were deleted by a clean-up that runs just before this function of the module is
    called."""
    swept, called = [], getattr(module, name)

    def late(*given, **named):
        swept.append(delete_unused_attachments())
        return called(*given, **named)

    monkeypatch.setattr(module, name, late)
    return swept


WRITE_ACTIONS = {
    "reply": lambda topic, bens, text: reply_to(topic, bens.author, text),
    "start_topic": lambda topic, bens, text: start(topic.section, bens.author, "Look", text).posts.get(),
    "edit": lambda topic, bens, text: edit_post(post=bens, by=bens.author, body=text, version=1),
}


@pytest.mark.parametrize("act", WRITE_ACTIONS)
def test_attachment_is_not_deleted_while_its_post_is_being_saved(
    act, attach, topic, bens, attachment_dir, monkeypatch
):
    """A clean-up runs between reading which attachments a text names and locking them."""
    one = attach(bens.author)
    grow_old(attachment_dir)
    swept = run_cleanup_before_call(monkeypatch, post_text, "find_quotes")
    post = WRITE_ACTIONS[act](topic, bens, one.markdown)
    assert swept[0] == 0
    assert one.key in post.html
    assert list(post.attachments.all()) == [one]
    assert files_in(attachment_dir) == sorted(one.files)


@pytest.mark.slow
def test_attachment_is_not_deleted_while_its_pending_post_is_being_saved(
    attach, topic, nora, attachment_dir, monkeypatch
):
    set_limits(attachments=1)
    one = attach(nora)
    grow_old(attachment_dir)
    swept = run_cleanup_before_call(monkeypatch, approval_queue, "hold_for_pending_post")
    with pytest.raises(PostPendingApproval) as held:
        reply_to(topic, nora, f"{one.markdown} {LINKS}")
    assert swept == [0]
    assert list(held.value.pending.attachments.all()) == [one]


def test_attachment_in_a_draft_saved_during_cleanup_is_not_deleted(
    attach, ada, topic, attachment_dir, monkeypatch
):
    begun = attach(ada)
    grow_old(attachment_dir)
    looked = cleanup._keys_in_drafts

    def then_saved():
        named = looked()
        drafts_store.save(by=ada, draft_key=reply_draft_key(topic.pk), version=0, body=begun.markdown)
        return named

    monkeypatch.setattr(cleanup, "_keys_in_drafts", then_saved)
    assert delete_unused_attachments() == 0


def test_another_member_cannot_protect_an_attachment_from_cleanup(attach, ada, ben, topic, attachment_dir):
    attach(ada)
    grow_old(attachment_dir)
    attachments_links.protect_from_cleanup([Attachment.objects.get().key], ben)
    assert delete_unused_attachments() > 0
