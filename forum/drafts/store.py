"""Drafts: saved while a post is written, continued on any device, removed when it is sent. They do not expire."""

import time
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.rate_limiting import rate_counter
from forum.access.errors import ActionError, AlreadySubmitted
from forum.antispam.submission import Submission
from forum.attachments.links import keys_in, protect_from_cleanup
from forum.drafts.resubmissions import is_same_submission, is_saved_edit
from forum.models import Draft, PendingPost, Post
from forum.polls.forms import PollFormMixin
from forum.quotes.edit_placeholders import QuotePlaceholders
from forum.web.form_fields import LineField, trim

DRAFT_LIMIT = rate_counter.Limit("draft", 120, 60)
DRAFTS_PER_MEMBER = 100

TEXT_FIELDS = ("title", "body", "reason")


class ShownDraft(NamedTuple):
    """What a topic page shows of the draft of a reply."""

    pk: int
    place: str
    version: int
    body: str
    updated_at: datetime


class DraftConflict(ActionError):
    """Another device saved first; `draft` is what is stored now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


class TooManyDrafts(ActionError):
    """The member has DRAFTS_PER_MEMBER drafts already."""


def save(
    *,
    by: User,
    draft_key: str,
    version: int,
    title: str = "",
    body: str = "",
    reason: str = "",
    poll: dict[str, str] | None = None,
    based_on: int | None = None,
    submission_key: UUID | None = None,
) -> Draft | None:
    """Saves what `by` has written so far. `version` is that of the draft they started from, or 0; if another device has
    saved since, nothing is written and DraftConflict has the other draft.

    Returns None if there is nothing to save: all is empty, it equals the post, or it was sent already. Raises
    AlreadySubmitted if the form has sent another text; the new text needs a new form.
    """
    fields = {"title": title, "body": body, "reason": reason, "poll": poll or {}}
    protect_from_cleanup(keys_in(body), by)
    with transaction.atomic():
        draft = _save(fields, by, draft_key, version, based_on, submission_key)
        rate_counter.count_action(DRAFT_LIMIT, by=by)
    return draft


def _save(
    fields: dict[str, Any],
    by: User,
    draft_key: str,
    version: int,
    based_on: int | None,
    submission_key: UUID | None,
) -> Draft | None:
    draft = _lock_draft(by, draft_key) or _lock_member(by, draft_key)
    # Checked under the lock, where a post that removed the draft is visible.
    if submission_key and (submitted := _submission(by, submission_key)):
        if not _is_same_submission(submitted, fields):
            raise AlreadySubmitted(submitted)
        return None
    if draft and all(getattr(draft, name) == text for name, text in fields.items()):
        return draft
    if draft and draft.version != version and not _is_same_form(draft, submission_key):
        raise DraftConflict(draft)
    if not any(fields.values()) or _is_unchanged(by, draft_key, fields, based_on):
        Draft.objects.filter(member=by, place=draft_key).delete()
        return None
    if draft is None and Draft.objects.of(by).count() >= DRAFTS_PER_MEMBER:
        raise TooManyDrafts
    defaults: dict[str, Any] = {
        **fields,
        "based_on": based_on,
        "submission_key": submission_key,
        "version": _version_after(draft),
        "updated_at": timezone.now(),
    }
    return Draft.objects.update_or_create(member=by, place=draft_key, defaults=defaults)[0]


def _submission(by: User, submission_key: UUID) -> Post | PendingPost | None:
    """Returns the post or pending post that the form has become, if any."""
    lookup = {"author": by, "submission_key": submission_key}
    if post := Post.objects.filter(**lookup).first():
        return post
    return PendingPost.objects.filter(**lookup).first() if by.is_new or by.texts_waiting else None


def _is_same_submission(submitted: Post | PendingPost, fields: dict[str, Any]) -> bool:
    form = PollFormMixin(fields["poll"])
    title, body = LineField().to_python(fields["title"]), trim(fields["body"])
    return form.is_valid() and is_same_submission(submitted, body, title, form.cleaned_data["poll"])


def _is_same_form(draft: Draft, submission_key: UUID | None) -> bool:
    """Whether the same page saved the draft, and the response was lost."""
    return submission_key is not None and draft.submission_key == submission_key


def _is_unchanged(by: User, draft_key: str, fields: dict[str, Any], based_on: int | None) -> bool:
    """Whether an edit changes nothing, or was saved already, maybe merged with other changes."""
    kind, _, pk = draft_key.partition(":")
    if kind != "edit":
        return False
    post = Post.objects.visible_to(by).with_topic().filter(pk=int(pk)).first()
    if post is None:
        return False
    if fields["title"] not in ("", post.topic.title):
        return False
    body = trim(fields["body"])
    if post.body == body:
        return True
    if based_on is None or post.version <= based_on:
        return False
    return is_saved_edit(post, by=by, body=QuotePlaceholders(by).restore(post, body), version=based_on)


def _lock_draft(by: User, draft_key: str) -> Draft | None:
    """Returns the locked draft. The row of a sent draft may still exist; it is ignored and overwritten."""
    return Draft.objects.of(by).select_for_update().filter(place=draft_key).first()


def _lock_member(by: User, draft_key: str) -> Draft | None:
    """Locks the member before a first draft is created, so that drafts are counted one after another."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    return _lock_draft(by, draft_key)


def _version_after(draft: Draft | None) -> int:
    """Returns a version from the clock, so that the version of a deleted draft never matches a later one."""
    now = time.time_ns() // 1_000_000
    return max(now, draft.version + 1) if draft else now


def find(member: User, draft_key: str) -> Draft | None:
    return Draft.objects.of(member).filter(place=draft_key).first()


def discard(*, by: User, pk: int) -> bool:
    """Deletes the draft. Returns False if there was none."""
    return bool(Draft.objects.filter(member=by, pk=pk).delete()[0])


def delete_sent(
    *, by: User, draft_key: str, version: int, body: str, submission_key: UUID | None = None
) -> None:
    """Deletes the draft of a text that was posted; call it in the same transaction. A different text that another
    device has saved since stays."""
    matches = Q(version=version) | Q(body=body)
    if submission_key:
        matches |= Q(submission_key=submission_key)
    Draft.objects.filter(matches, member=by, place=draft_key).delete()


def delete_draft_of(submission: Submission) -> None:
    """Deletes the draft of a new post, pending or not; call it in the transaction that writes the post."""
    delete_sent(
        by=submission.by,
        draft_key=submission.draft_key,
        version=submission.draft,
        body=submission.text.body,
        submission_key=submission.submission_key,
    )
