"""What undoes each action on posts, from the facts of its log entry. moderation/log/undo.py checks who can
undo it, and when. The functions here check that nothing has changed since, or someone else has decided again."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import LogEntry, User
from core.web.times import format_time
from forum.access import locks, permissions
from forum.access.require import require
from forum.history.revisions import is_hidden, revision_text
from forum.models import Post
from forum.posts.edit import edit_post
from forum.thanks import folding
from moderation.access.errors import CannotUndo
from moderation.log.undo_checks import (
    UNDO_REASON,
    is_from_action,
    require_staff_of_section,
    require_unchanged,
    rule_of,
)
from moderation.posts.highlight import highlight_facts, restore_highlight, unhighlight_post
from moderation.posts.remove import leave_to_author, remove_post, restore_post


def undo_edit(entry: LogEntry, by: User) -> None:
    """Restores the old text as a new revision. The revisions in between stay in the history."""
    post = _locked_post(entry, by)
    if post.body != revision_text(post, entry.facts["after"]["version"], to=by):
        raise CannotUndo(_edited_since(post))
    if is_hidden(post, entry.facts["before"]["version"]):
        raise CannotUndo(_("The earlier text is hidden."))
    before = revision_text(post, entry.facts["before"]["version"], to=by)
    if before is None:
        raise CannotUndo(_("The earlier text is no longer available."))
    edit_post(post=post, by=by, body=before, version=post.version, reason=str(UNDO_REASON), undoes=entry)


def _edited_since(post: Post) -> str:
    if not post.edited_by or not post.edited_at:
        return _("The post was edited again.")
    message = _("%(name)s edited the post at %(time)s.")
    return message % {"name": post.edited_by.name, "time": format_time(post.edited_at)}


def undo_highlight(entry: LogEntry, by: User) -> None:
    post, before = _locked_post(entry, by), entry.facts["before"]
    is_same = highlight_facts(post) == entry.facts["after"]
    require_unchanged(entry, is_same, _("The highlight was changed or removed."), "highlight", "unhighlight")
    if before is None:
        unhighlight_post(post=post, by=by, undoes=entry)
    else:
        _restore_highlight(post, by, before, undoes=entry)


def undo_unhighlight(entry: LogEntry, by: User) -> None:
    post = _locked_post(entry, by)
    require_unchanged(entry, not post.is_highlighted, _("The post is already highlighted."), "highlight")
    if post.is_removed:
        raise CannotUndo(_("The post is removed. Restore it first."))
    _restore_highlight(post, by, entry.facts["before"], undoes=entry)


def undo_remove(entry: LogEntry, by: User) -> None:
    """Restores the post, and its highlight if the topic still has room for it."""
    post = _locked_post(entry, by)
    require_unchanged(entry, post.is_removed, _("The post was already restored."), "restore")
    is_same = is_from_action(entry, removal=post.removal.pk)
    require_unchanged(entry, is_same, _("The post was restored and removed again."), "remove")
    if entry.facts["before"].get("taken_back"):  # the author had deleted it first
        require(permissions.can_restore(by, post))
        leave_to_author(post.topic, post, by=by, undoes=entry)
        return
    restore_post(post=post, by=by, undoes=entry)
    highlight = entry.facts["before"]["highlight"]
    if highlight and not is_hidden(post, highlight["revision"]):
        _restore_highlight(post, by, highlight)


def undo_restore(entry: LogEntry, by: User) -> None:
    post, before = _locked_post(entry, by), entry.facts["before"]
    require_unchanged(entry, not post.is_removed, _("The post is already removed."), "remove")
    remove_post(post=post, by=by, reason=before["reason"], rule=rule_of(before["rule"]), undoes=entry)
    if before.get("taken_back"):
        post = _locked_post(entry, by)
        leave_to_author(post.topic, post, by=by)


def undo_unfold(entry: LogEntry, by: User) -> None:
    is_done = folding.undo_always_show(post=_locked_post(entry, by), by=by, undoes=entry)
    require_unchanged(entry, is_done, _("The post is not set to always show."), "fold")


def _restore_highlight(
    post: Post, by: User, highlight: dict[str, Any], *, undoes: LogEntry | None = None
) -> None:
    if is_hidden(post, highlight["revision"]):
        raise CannotUndo(_("The highlighted revision is hidden."))
    restore_highlight(post=post, by=by, undoes=undoes, **highlight)


def _locked_post(entry: LogEntry, by: User) -> Post:
    post = Post.objects.only("topic_id").get(pk=entry.target_id)
    topic, post = locks.lock_post(post, by=None)
    require_staff_of_section(by, topic)
    return post
