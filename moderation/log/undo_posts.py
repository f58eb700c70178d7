"""What undoes each action on topics and posts, from the facts of its log entry. moderation/log/undo.py checks who can
undo it, and when. The functions here check that nothing has changed since, or someone else has decided again."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import LogEntry, Rule, User
from core.web.times import format_time
from forum.access import locks, permissions
from forum.access.require import require
from forum.history.revisions import is_hidden, revision_text
from forum.models import Post, Topic
from forum.posts.edit import edit_post
from forum.thanks import folding
from forum.topics import rename
from moderation.access.errors import CannotUndo
from moderation.posts.highlight import highlight_facts, restore_highlight, unhighlight_post
from moderation.posts.remove import leave_to_author, remove_post, restore_post
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.pin import pin_topic, unpin_topic

UNDO_REASON = gettext_lazy("Undone.")  # the reason of an action that undoes another


def undo_close(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if not topic.is_closed:
        raise CannotUndo(changed_since(entry, _("The topic is already open."), "reopen"))
    if not is_from_action(entry, closure=topic.current_closure.pk):
        raise CannotUndo(changed_since(entry, _("The topic was reopened and closed again."), "close"))
    reopen_topic(topic=topic, by=by, reason=str(UNDO_REASON), undoes=entry)


def undo_reopen(entry: LogEntry, by: User) -> None:
    topic, before = locked_topic(entry, by), entry.facts["before"]
    if topic.is_closed:
        raise CannotUndo(changed_since(entry, _("The topic is already closed."), "close"))
    related_topic = Topic.objects.visible_to(by).filter(pk=before["read_instead"]).first()
    rule = _rule(before["rule"])
    close_topic(
        topic=topic, by=by, reason=before["reason"], read_instead=related_topic, rule=rule, undoes=entry
    )


def undo_pin(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if not topic.is_pinned or not is_from_action(entry, pin=topic.pin.pk):
        raise CannotUndo(changed_since(entry, _("The topic was unpinned, or pinned again."), "unpin"))
    unpin_topic(topic=topic, by=by, undoes=entry)


def undo_unpin(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if topic.is_pinned:
        raise CannotUndo(changed_since(entry, _("The topic is already pinned."), "pin"))
    until = (entry.facts["before"] or {}).get("until")
    pin_topic(topic=topic, by=by, until=datetime.fromisoformat(until) if until else None, undoes=entry)


def undo_retitle(entry: LogEntry, by: User) -> None:
    topic = locked_topic(entry, by)
    if topic.title != entry.facts["after"]["title"]:
        latest = topic.title_changes.select_related("changed_by").latest("number")
        message = _("%(name)s changed the title to “%(title)s” at %(time)s.")
        raise CannotUndo(
            message
            % {"name": latest.changed_by.name, "title": topic.title, "time": format_time(latest.changed_at)}
        )
    rename.rename_topic(
        topic=topic,
        by=by,
        title=entry.facts["before"]["title"],
        version=topic.title_version,
        reason=str(UNDO_REASON),
        undoes=entry,
    )


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
    if highlight_facts(post) != entry.facts["after"]:
        raise CannotUndo(
            changed_since(entry, _("The highlight was changed or removed."), "highlight", "unhighlight")
        )
    if before is None:
        unhighlight_post(post=post, by=by, undoes=entry)
    else:
        _restore_highlight(post, by, before, undoes=entry)


def undo_unhighlight(entry: LogEntry, by: User) -> None:
    post = _locked_post(entry, by)
    if post.is_highlighted:
        raise CannotUndo(changed_since(entry, _("The post is already highlighted."), "highlight"))
    if post.is_removed:
        raise CannotUndo(_("The post is removed. Restore it first."))
    _restore_highlight(post, by, entry.facts["before"], undoes=entry)


def undo_remove(entry: LogEntry, by: User) -> None:
    """Restores the post, and its highlight if the topic still has room for it."""
    post = _locked_post(entry, by)
    if not post.is_removed:
        raise CannotUndo(changed_since(entry, _("The post was already restored."), "restore"))
    if not is_from_action(entry, removal=post.removal.pk):
        raise CannotUndo(changed_since(entry, _("The post was restored and removed again."), "remove"))
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
    if post.is_removed:
        raise CannotUndo(changed_since(entry, _("The post is already removed."), "remove"))
    remove_post(post=post, by=by, reason=before["reason"], rule=_rule(before["rule"]), undoes=entry)
    if before.get("taken_back"):
        post = _locked_post(entry, by)
        leave_to_author(post.topic, post, by=by)


def undo_unfold(entry: LogEntry, by: User) -> None:
    if not folding.undo_always_show(post=_locked_post(entry, by), by=by, undoes=entry):
        raise CannotUndo(changed_since(entry, _("The post is not set to always show."), "fold"))


def is_from_action(entry: LogEntry, **row: int) -> bool:
    """Returns whether the current row is the one that the action created, or one that an undo restored."""
    if entry.facts["after"].items() >= row.items():
        return True
    entries = LogEntry.objects.filter(target_kind=entry.target_kind, target_id=entry.target_id)
    return entries.filter(undoes__isnull=False, facts__after__contains=row).exists()


def _restore_highlight(
    post: Post, by: User, highlight: dict[str, Any], *, undoes: LogEntry | None = None
) -> None:
    if is_hidden(post, highlight["revision"]):
        raise CannotUndo(_("The highlighted revision is hidden."))
    restore_highlight(post=post, by=by, undoes=undoes, **highlight)


def locked_topic(entry: LogEntry, by: User) -> Topic:
    """Returns the topic under its lock, so that nothing changes between the checks and the undo."""
    return require_staff_of_section(by, Topic.objects.locked(entry.target_id))


def _locked_post(entry: LogEntry, by: User) -> Post:
    post = Post.objects.only("topic_id").get(pk=entry.target_id)
    topic, post = locks.lock_post(post, by=None)
    require_staff_of_section(by, topic)
    return post


def require_staff_of_section(by: User, topic: Topic) -> Topic:
    """Returns the topic if the person is staff of its section. Called before any message about the topic, because it
    may have been moved to a section that the person does not moderate."""
    require(permissions.is_staff_in(by, topic.section))
    return topic


def _rule(pk: int | None) -> Rule | None:
    return Rule.objects.filter(pk=pk).first() if pk else None


def changed_since(entry: LogEntry, message: str, *acts: str) -> str:
    """Returns the message about what has changed, with who did it and when if the log has one of these actions."""
    latest = (
        LogEntry.objects.filter(target_kind=entry.target_kind, target_id=entry.target_id, pk__gt=entry.pk)
        .filter(act__in=acts)
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    if latest is None:
        return message
    sentence = _("%(what)s %(name)s did this at %(time)s.")
    return sentence % {"what": message, "name": latest.by.name, "time": format_time(latest.at)}
