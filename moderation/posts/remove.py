"""Remove a post, and restore it. A placeholder stays in the topic.

The audit log has what staff do, and every undo; not what authors do with their own posts."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LogEntry, Rule, User
from forum.access import locks, permissions
from forum.access.audit_log import record_on
from forum.access.require import not_open_error
from forum.models import Post, Removal, Topic
from forum.search_index.store import index_again, remove_from_index
from forum.thanks import folding
from forum.topics.activity import activity_columns
from moderation.posts.highlight import highlight_facts, remove_highlight


@transaction.atomic
def remove_post(
    *, post: Post, by: User, reason: str = "", rule: Rule | None = None, undoes: LogEntry | None = None
) -> Removal:
    """Removes the post and its highlight. Returns the removal, also if the post was removed before."""
    topic, post = locks.lock_post(post, by=by)
    if post.is_removed and not post.is_auto_hidden and permissions.can_read_text(by, post):
        return post.removal
    require_can_remove(by, post)
    if post.is_auto_hidden:
        return take_over_removal(topic, post, by=by, reason=reason, rule=rule, undoes=undoes)
    removal = Removal.objects.create(post=post, removed_by=by, reason=reason, rule=rule)
    if undoes or not permissions.can_delete_own_post(by, post):
        before, after = {"highlight": highlight_facts(post)}, removal_facts(removal)
        record_on("remove", post, by=by, reason=reason, rule=rule, before=before, after=after, undoes=undoes)
    if post.is_highlighted:
        remove_highlight(post, by=by, reason=_("The post was removed."))
        folding.update_collapsed(topic, post)
    update_counts(topic, post)
    return removal


def take_over_removal(
    topic: Topic,
    post: Post,
    *,
    by: User,
    reason: str,
    rule: Rule | None = None,
    undoes: LogEntry | None = None,
) -> Removal:
    """Turns an automatic removal, or one by the author, into a removal by staff. Call it under the locks of both."""
    removal = post.removal
    before = {"highlight": None, "kind": removal.kind, "taken_back": _was_deleted_by_author(post)}
    removal.kind, removal.removed_by, removal.reason = Removal.Kind.REMOVED, by, reason
    removal.removed_at, removal.rule = timezone.now(), rule
    removal.save(update_fields=["kind", "removed_by", "removed_at", "reason", "rule"])
    after = removal_facts(removal)
    record_on("remove", post, by=by, reason=reason, rule=rule, before=before, after=after, undoes=undoes)
    topic.change(takes_back=True)
    return removal


def auto_hide_post(topic: Topic, post: Post, *, reason: str = "") -> Removal:
    """Hides a visible post until staff have reviewed it. Call it under the locks of both. This happens automatically,
    so it is not in the audit log."""
    removal = Removal.objects.create(post=post, kind=Removal.Kind.AUTO_HIDDEN, reason=reason)
    update_counts(topic, post)
    return removal


def leave_to_author(topic: Topic, post: Post, *, by: User, undoes: LogEntry | None = None) -> None:
    """Turns a removal by staff back into the author's own, so that the author can restore the post. Call it under the
    locks of both."""
    before = removal_facts(post.removal)
    Removal.objects.filter(post=post).update(removed_by=post.author, reason="", rule=None)
    record_on("leave_to_author", post, by=by, before=before, undoes=undoes)
    topic.change()


def update_counts(topic: Topic, post: Post) -> None:
    """Updates the counts of the topic and the search index after the post was removed."""
    remove_from_index([post.pk])
    topic.change(takes_back=True, reply_count=topic.reply_count - _replies_in(post), **_newest(topic))


@transaction.atomic
def restore_post(*, post: Post, by: User, undoes: LogEntry | None = None) -> bool:
    """Restores the post. Returns False if it was not removed."""
    topic, post = locks.lock_post(post, by=by)
    if not post.is_removed and permissions.can_remove(by, post):
        return False
    if not permissions.can_restore(by, post):
        raise not_open_error(topic, could_write_if_open=post.author_id == by.pk)
    was_own_deletion = permissions.can_delete_own_post(by, post) and post.removal.removed_by_id == by.pk
    before = {**removal_facts(post.removal), "taken_back": _was_deleted_by_author(post)}
    post.removal.delete()
    if undoes or not was_own_deletion:
        record_on("restore", post, by=by, before=before, undoes=undoes)
    index_again([post.pk])
    topic.change(reply_count=topic.reply_count + _replies_in(post), **_newest(topic))
    return True


def _was_deleted_by_author(post: Post) -> bool:
    return not post.is_auto_hidden and post.removal.removed_by_id == post.author_id


def removal_facts(removal: Removal) -> dict[str, Any]:
    return {"removal": removal.pk, "reason": removal.reason, "rule": removal.rule_id}


def require_can_remove(by: User, post: Post) -> None:
    """Raises an error if the person cannot remove this post. Pages call it before they show the form."""
    if not permissions.can_remove(by, post):
        raise not_open_error(post.topic, could_write_if_open=post.author_id == by.pk)


def _replies_in(post: Post) -> int:
    """Returns how many replies the post is: every post except the original is one."""
    return 0 if post.is_original else 1


def _newest(topic: Topic) -> dict[str, Any]:
    return activity_columns(topic)
