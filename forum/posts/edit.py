"""Edit a post, and save the earlier revision: prepare the text, check it, lock, write. If the post was edited since the
editor began, both changes are merged."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import LogEntry, User
from core.diffs.merge import merge
from forum.access import locks, permissions
from forum.access.audit_log import record_on
from forum.access.errors import EditConflict, PostRejected
from forum.access.require import require_may_edit
from forum.antispam.check import Clearance, check_edit
from forum.attachments.links import keys_in
from forum.drafts.resubmissions import is_saved_edit
from forum.drafts.store import delete_sent
from forum.history.edit_marks import marks_of_edit
from forum.history.revisions import revision_text
from forum.models import Highlight, Post, Revision
from forum.models.attachment import ATTACHMENTS_PER_POST
from forum.models.draft import edit_draft_key
from forum.models.maximum_lengths import BODY_MAX
from forum.post_text.prepare import PostText, prepare_text, save_references
from forum.quotes.edit_placeholders import QuotePlaceholders, would_reveal
from forum.thanks import folding
from forum.topics.rename import rename_topic

ATTEMPTS = 2  # without making others wait for a merge: once as it is, once merged; more would not pay off


def edit_original(
    *, post: Post, by: User, title: str, title_was: str, title_version: int, reason: str = "", **edit: Any
) -> Post:
    """Edits an original post together with its topic’s title: both or neither. `title_was` and `title_version`: the
    title the editor started from. If they did not change it, the current title stays. Raises what `edit_post` and
    `rename_topic` raise."""
    if title == title_was:
        return edit_post(post=post, by=by, reason=reason, **edit)
    with transaction.atomic():
        rename_topic(topic=post.topic, by=by, title=title, version=title_version, reason=reason)
        return edit_post(post=post, by=by, reason=reason, **edit)


def edit_post(
    *,
    post: Post,
    by: User,
    body: str,
    version: int,
    reason: str = "",
    draft: int = 0,
    submission_key: UUID | None = None,
    at: datetime | None = None,
    undoes: LogEntry | None = None,
) -> Post:
    """Makes `body` the post's newest revision. `version` is the one the editor started from: if the post was edited
    since, both changes are merged. If they overlap, nothing is written, and EditConflict carries the current post. An
    edit that changes nothing writes nothing, and a repeated one returns the post."""
    delete_draft = partial(
        delete_sent,
        by=by,
        draft_key=edit_draft_key(post.pk),
        version=draft,
        body=body,
        submission_key=submission_key,
    )
    body = _with_hidden_quotes(post, body, by)
    text = prepare_text(body, by=by, section=post.topic.section, post=post)
    edit = _Edit(by, text, version, reason, at, check_edit(post, text, by=by), delete_draft, undoes)
    revision = _NewRevision(text, based_on=version)
    for _ in range(ATTEMPTS):
        try:
            return _save(post, revision, edit)
        except _EditedSince as error:
            if edit.is_saved_in(error.post):
                return error.post
            # Outside the lock: others wait for the row, never for a merge. The post may be edited again in between.
            revision = _merged(edit, revision, error.post)
    with transaction.atomic():  # many edit at once: now the others wait
        _, post = locks.lock_post(post, by=by)
        require_may_edit(by, post)
        return post if edit.is_saved_in(post) else _save(post, _merged(edit, revision, post), edit)


@dataclass(frozen=True)
class _Edit:
    """What an editor sent."""

    by: User
    text: PostText
    version: int  # the revision they started from
    reason: str
    at: datetime | None
    clearance: Clearance
    delete_draft: Callable[[], None]
    undoes: LogEntry | None

    def is_saved_in(self, post: Post) -> bool:
        return is_saved_edit(post, by=self.by, body=self.text.body, version=self.version)


@dataclass(frozen=True)
class _NewRevision:
    """The text that will be the revision after `based_on`."""

    text: PostText
    based_on: int
    merged_from: int | None = None


class _EditedSince(Exception):
    """The post has another revision than the one that the text is based on. Raised only after the permission check."""

    def __init__(self, post: Post) -> None:
        super().__init__(f"post {post.pk} is at version {post.version}")
        self.post = post


def _with_hidden_quotes(post: Post, body: str, by: User) -> str:
    """Returns the text with the quotes that its editor cannot read and did not see in the form."""
    body = QuotePlaceholders(by).restore(post, body)
    if (excess := len(body) - BODY_MAX) > 0:
        message = ngettext(
            "With its hidden quotes it is %d character too long.",
            "With its hidden quotes it is %d characters too long.",
            excess,
        )
        raise PostRejected("body", message % excess)
    return body


def _merged(edit: _Edit, revision: _NewRevision, post: Post) -> _NewRevision:
    """Returns the edit merged into the current text of the post. `revision`: the one that could not be saved."""
    base = revision_text(post, edit.version, to=edit.by)
    if base is None:
        raise EditConflict(post)
    result = merge(base, edit.text.body, post.body)
    is_too_long = len(result.text) > BODY_MAX or len(keys_in(result.text)) > ATTACHMENTS_PER_POST
    if not result.is_clean or not result.text.strip() or is_too_long:
        raise EditConflict(post, result)
    if would_reveal(result.text, post, to=edit.by):
        raise EditConflict(post)
    if result.text == revision.text.body:
        return replace(revision, based_on=post.version, merged_from=edit.version)
    text = prepare_text(result.text, by=edit.by, section=post.topic.section, post=post)
    return _NewRevision(text, based_on=post.version, merged_from=edit.version)


@transaction.atomic
def _save(post: Post, revision: _NewRevision, edit: _Edit) -> Post:
    by, reason = edit.by, edit.reason
    topic, post = locks.lock_post(post, by=by)
    require_may_edit(by, post)
    if revision.text.body == post.body:
        edit.delete_draft()
        return post
    if post.version != revision.based_on:
        raise _EditedSince(post)
    at = edit.at or timezone.now()
    before = _write(post, revision, by=by, reason=reason, at=at)
    topic.change(takes_back=True, **folding.update_collapsed(topic, post, is_thanks=revision.text.is_thanks))
    edit.delete_draft()
    if edit.undoes or permissions.edit_needs_reason(by, post):
        before_facts, after_facts = {"version": before.number}, {"version": post.version}
        record_on(
            "edit", post, by=by, reason=reason, before=before_facts, after=after_facts, undoes=edit.undoes
        )
    if permissions.is_staff_in(by, topic.section) and revision.merged_from is None:
        # Staff have seen this text, so the highlight moves on to it. After a member's edit, or if a change was merged
        # in that staff had not seen, it stays with the revision that staff highlighted.
        Highlight.objects.filter(post=post).update(revision=post.version, excerpt=post.excerpt)
    edit.clearance.count(post, at=at)
    return post


def _write(post: Post, revision: _NewRevision, *, by: User, reason: str, at: datetime) -> Revision:
    """Writes the new text to the locked post, and returns the saved earlier revision."""
    before = Revision.current(post)
    columns = {
        **revision.text.columns,
        "version": post.version + 1,
        "edited_at": at,
        "edited_by": by,
        "edit_reason": reason,
        **marks_of_edit(post, by=by, at=at, merged_from=revision.merged_from),
    }
    before.save(force_insert=True)
    for name, value in columns.items():
        setattr(post, name, value)
    post.save(update_fields=list(columns))
    save_references(post, revision.text, by=by)
    return before
