"""Drafts: saved while a post is written, continued on any device, removed when it is sent."""

import time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.rate_limiting import limits as rates
from forum.access.errors import Refusal, SentBefore
from forum.attachments import links as attached
from forum.drafts.resubmissions import is_what_was_sent, was_saved
from forum.models import Draft, Post, WaitingPost
from forum.models.limits import DRAFTS_PER_MEMBER
from forum.polls.forms import WithPoll
from forum.quotes.placeholders import Veils
from forum.web.form_fields import Line, as_sent

SAID = ("title", "body", "reason")


class DraftConflict(Refusal):
    """Another device saved first; `draft` is what is stored now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"draft {draft.pk} has moved on")
        self.draft = draft


class TooManyDrafts(Refusal):
    """The member has DRAFTS_PER_MEMBER drafts already."""


def save(
    *,
    by: User,
    place: str,
    version: int,
    title: str = "",
    body: str = "",
    reason: str = "",
    poll: dict[str, str] | None = None,
    based_on: int | None = None,
    submission_key: UUID | None = None,
) -> Draft | None:
    """Saves what `by` has written so far. `place` is the draft key. `version` is that of the draft they started from,
    or 0; if another device has saved since, nothing is written and DraftConflict has the other draft.

    Returns None if there is nothing to save: all is empty, it equals the post, or it was sent already. Raises
    SentBefore if the form has sent another text; the new text needs a new form.
    """
    said = {"title": title, "body": body, "reason": reason, "poll": poll or {}}
    attached.claim(body, by)
    with transaction.atomic():
        draft = _keep(said, by, place, version, based_on, submission_key)
        rates.spend(rates.DRAFTS, by=by)
    return draft


def _keep(
    said: dict[str, Any],
    by: User,
    place: str,
    version: int,
    based_on: int | None,
    submission_key: UUID | None,
) -> Draft | None:
    draft = _locked(by, place) or _first(by, place)
    # Checked under the lock, where a post that removed the draft is visible.
    if submission_key and (sent := _sent(by, submission_key)):
        if not _is_what_was_sent(sent, said):
            raise SentBefore(sent)
        return None
    if draft and all(getattr(draft, name) == text for name, text in said.items()):
        return draft
    if draft and draft.version != version and not _is_same_form(draft, submission_key):
        raise DraftConflict(draft)
    if not any(said.values()) or _stands_already(by, place, said, based_on):
        Draft.objects.filter(member=by, place=place).delete()
        return None
    if draft is None and Draft.objects.of(by).count() >= DRAFTS_PER_MEMBER:
        raise TooManyDrafts
    kept: dict[str, Any] = {
        **said,
        "based_on": based_on,
        "submission_key": submission_key,
        "version": _version_after(draft),
        "updated_at": timezone.now(),
    }
    return Draft.objects.update_or_create(member=by, place=place, defaults=kept)[0]


def _sent(by: User, submission_key: UUID) -> Post | WaitingPost | None:
    """Returns the post or pending post that the form has become, if any."""
    sent = {"author": by, "submission_key": submission_key}
    if post := Post.objects.filter(**sent).first():
        return post
    return WaitingPost.objects.filter(**sent).first() if by.is_new or by.texts_waiting else None


def _is_what_was_sent(sent: Post | WaitingPost, said: dict[str, Any]) -> bool:
    typed = WithPoll(said["poll"])
    title, body = Line().to_python(said["title"]), as_sent(said["body"])
    return typed.is_valid() and is_what_was_sent(sent, body, title, typed.cleaned_data["poll"])


def _is_same_form(draft: Draft, submission_key: UUID | None) -> bool:
    """Whether the same page saved the draft, and the response was lost."""
    return submission_key is not None and draft.submission_key == submission_key


def _stands_already(by: User, place: str, said: dict[str, Any], based_on: int | None) -> bool:
    """Whether an edit changes nothing, or was saved already, maybe merged with other changes."""
    kind, _, pk = place.partition(":")
    if kind != "edit":
        return False
    post = Post.objects.visible_to(by).with_topic().filter(pk=int(pk)).first()
    if post is None:
        return False
    if said["title"] not in ("", post.topic.title):
        return False
    body = as_sent(said["body"])
    if post.body == body:
        return True
    if based_on is None or post.version <= based_on:
        return False
    return was_saved(post, by=by, body=Veils(by).lifted(post, body), version=based_on)


def _locked(by: User, place: str) -> Draft | None:
    """Returns the locked draft. The row of a sent draft may still exist; it is ignored and overwritten."""
    return Draft.objects.of(by).select_for_update().filter(place=place).first()


def _first(by: User, place: str) -> Draft | None:
    """Locks the member before a first draft is created, so that drafts are counted one after another."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    return _locked(by, place)


def _version_after(draft: Draft | None) -> int:
    """Returns a version from the clock, so that the version of a deleted draft never matches a later one."""
    now = time.time_ns() // 1_000_000
    return max(now, draft.version + 1) if draft else now


def of(member: User, place: str) -> Draft | None:
    return Draft.objects.of(member).filter(place=place).first()


def discard(*, by: User, pk: int) -> bool:
    """Deletes the draft. Returns False if it was gone before."""
    return bool(Draft.objects.filter(member=by, pk=pk).delete()[0])


def forget_sent(*, by: User, place: str, version: int, body: str, submission_key: UUID | None = None) -> None:
    """Deletes the draft of a text that was posted; call it in the same transaction. A different text that another
    device has saved since stays."""
    became = Q(version=version) | Q(body=body)
    if submission_key:
        became |= Q(submission_key=submission_key)
    Draft.objects.filter(became, member=by, place=place).delete()
