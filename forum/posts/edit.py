"""Edit a post, and save the earlier revision."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import LogEntry, User
from accounts.rate_limiting import limits as rate_limits, turns
from core.diffs.merge import merge
from core.text import RENDERER_VERSION, Rendered, render
from forum.access import locks, permissions
from forum.access.audit_log import record_on
from forum.access.errors import EditConflict, PostRejected, not_open_error
from forum.antispam.check import check_edit
from forum.antispam.notify_staff import notify_staff
from forum.attachments.links import claim_for_post, keys_in, protect_from_cleanup
from forum.drafts.resubmissions import is_saved_edit
from forum.drafts.store import delete_sent
from forum.history.edit_marks import marks_of_edit
from forum.history.revisions import revision_text
from forum.mentions.resolve import references_in
from forum.mentions.store import update_mentions
from forum.models import Highlight, Post, Quote, Revision
from forum.models.draft import edit_draft_key
from forum.models.limits import ATTACHMENTS_PER_POST, BODY_MAX
from forum.quotes.create import find_quotes, save_quotes
from forum.quotes.placeholders import QuotePlaceholders, would_reveal
from forum.thanks import folding

ATTEMPTS = 2  # without making others wait for a merge: once as it is, once merged; more would not pay off


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
    """Makes `body` the post's newest revision. `version` is the one the writer started from: if the post was edited
    since, both changes are merged. If they overlap, nothing is written, and EditConflict carries the current post. An
    edit that changes nothing writes nothing, and a repeated one returns the post."""
    typed, body = body, QuotePlaceholders(by).lifted(post, body)
    if (over := len(body) - BODY_MAX) > 0:
        words = ngettext(
            "With its hidden quotes it is %d character too long.",
            "With its hidden quotes it is %d characters too long.",
            over,
        )
        raise PostRejected("body", words % over)
    change = _change(body, version, post, by)
    flag = check_edit(
        before=post.body,
        after=body,
        by=by,
        section=post.topic.section,
        post=post,
        rendered=change.rendered,
        quotes=change.quotes,
    )
    place = edit_draft_key(post.pk)
    forget = partial(
        delete_sent, by=by, place=place, version=draft, body=typed, submission_key=submission_key
    )
    save = partial(_save, post, by=by, reason=reason, at=at, forget_draft=forget, flag=flag, undoes=undoes)
    for _ in range(ATTEMPTS):
        try:
            return save(change)
        except _EditedMeanwhile as moved:
            if is_saved_edit(moved.post, by=by, body=body, version=version):
                return moved.post
            # Outside the lock: others wait for the row, never for a merge. The post may be edited again in between.
            change = _merged(change, by=by, body=body, version=version, onto=moved.post)
    with transaction.atomic():  # many edit at once: now the others wait
        _, post = locks.lock_post(post, by=by)
        require_may_edit(by, post)
        if is_saved_edit(post, by=by, body=body, version=version):
            return post
        return save(_merged(change, by=by, body=body, version=version, onto=post))


class _EditedMeanwhile(Exception):
    """The post has another revision than the change was made for. Raised only after the permission check."""

    def __init__(self, post: Post) -> None:
        super().__init__(f"post {post.pk} is at version {post.version}")
        self.post = post


@dataclass(frozen=True)
class _Change:
    """The text that will be the revision after `onto`."""

    body: str
    onto: int
    rendered: Rendered
    quotes: list[Quote]  # not saved yet
    merged_from: int | None = None


def _change(body: str, onto: int, post: Post, by: User, *, merged_from: int | None = None) -> _Change:
    protect_from_cleanup(body, post.author, by)
    named = references_in(body, by=post.author, section=post.topic.section, post=post, editor=by)
    with turns.exclusive_turn(by=by, length=len(body), twice=True):
        rendered = render(body, refers_to=named)
        return _Change(body, onto, rendered, find_quotes(rendered, by=by), merged_from)


def _merged(change: _Change, *, by: User, body: str, version: int, onto: Post) -> _Change:
    """Returns the writer’s change of `version`, applied to the current post."""
    base = revision_text(onto, version, to=by)
    if base is None:
        raise EditConflict(onto)
    merged = merge(base, body, onto.body)
    is_too_much = len(merged.text) > BODY_MAX or len(keys_in(merged.text)) > ATTACHMENTS_PER_POST
    if not merged.is_clean or not merged.text.strip() or is_too_much:
        raise EditConflict(onto, merged)
    if would_reveal(merged.text, onto, to=by):
        raise EditConflict(onto)
    if merged.text == change.body:
        return replace(change, onto=onto.version, merged_from=version)
    return _change(merged.text, onto.version, onto, by, merged_from=version)


@transaction.atomic
def _save(
    post: Post,
    change: _Change,
    *,
    by: User,
    reason: str,
    at: datetime | None,
    forget_draft: Callable[[], None],
    flag: str,
    undoes: LogEntry | None,
) -> Post:
    topic, post = locks.lock_post(post, by=by)
    require_may_edit(by, post)
    if change.body == post.body:
        forget_draft()
        return post
    if post.version != change.onto:
        raise _EditedMeanwhile(post)
    at = at or timezone.now()
    marks = marks_of_edit(post, by=by, at=at, merged_from=change.merged_from)
    before = Revision.current(post)
    before.save(force_insert=True)
    written = {
        "body": change.body,
        "html": change.rendered.html,
        "excerpt": change.rendered.excerpt,
        "renderer": RENDERER_VERSION,
        "version": post.version + 1,
        "edited_at": at,
        "edited_by": by,
        "edit_reason": reason,
        **marks,
    }
    for name, value in written.items():
        setattr(post, name, value)
    post.save(update_fields=list(written))
    claim_for_post(post, by=by)
    update_mentions(post, change.rendered)
    save_quotes(post, change.quotes)
    topic.change(takes_back=True, **folding.update_collapsed(topic, post))
    forget_draft()
    if undoes or permissions.edit_needs_reason(by, post):
        was, became = {"version": before.number}, {"version": post.version}
        record_on("edit", post, by=by, reason=reason, before=was, after=became, undoes=undoes)
    if permissions.is_staff_in(by, topic.section) and change.merged_from is None:
        # Staff have seen this text, so the highlight moves on to it. After a member's edit, or if a change was merged
        # in that staff had not seen, it stays with the revision that staff highlighted.
        Highlight.objects.filter(post=post).update(revision=post.version, excerpt=post.excerpt)
    if flag:
        notify_staff(post, flag)
    rate_limits.count_action(rate_limits.EDITS, by=by, now=at.timestamp())
    return post


def require_may_edit(by: User, post: Post) -> None:
    """Called before the form is shown, and again under the lock."""
    if not permissions.can_edit(by, post):
        raise not_open_error(post.topic, were_it_open=post.author_id == by.pk and not post.is_removed)
