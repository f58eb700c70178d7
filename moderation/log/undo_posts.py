"""The way back from each act on topics and posts, by what its entry in the record says. moderation/log/undo.py asks who
may, and when; here stands what has to be as the act left it, for else somebody has decided again since."""

from datetime import datetime
from typing import Any

from accounts.models import Rule, User
from accounts.models.log_entry import LogEntry
from core.web.times import exact
from forum.access import locks as locking, permissions
from forum.access.errors import NotAllowed, TooManyHighlights
from forum.history import revisions as history
from forum.models import Post, Topic
from forum.posts import edit as editing
from forum.thanks import folding
from forum.topics import rename
from moderation.access.errors import CannotUndo
from moderation.posts import highlight as highlighting, remove as removing
from moderation.topics import close as closing, pin as pinning

WHY = "Undone."


def undo_close(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if not topic.is_closed:
        raise CannotUndo(since(entry, "The topic is open again.", "reopen"))
    if not is_of(entry, closure=topic.standing_closure.pk):
        raise CannotUndo(since(entry, "The topic was opened and closed again.", "close"))
    closing.reopen_topic(topic=topic, by=by, reason=WHY)


def undo_reopen(entry: LogEntry, by: User) -> None:
    topic, was = _topic(entry, by), entry.facts["before"]
    if topic.is_closed:
        raise CannotUndo(since(entry, "The topic is closed again.", "close"))
    instead = Topic.objects.visible_to(by).filter(pk=was["read_instead"]).first()
    closing.close_topic(
        topic=topic, by=by, reason=was["reason"], read_instead=instead, rule=_rule(was["rule"])
    )


def undo_pin(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if not topic.is_pinned or not is_of(entry, pin=topic.pin.pk):
        raise CannotUndo(since(entry, "The pin has been taken out.", "unpin"))
    pinning.unpin_topic(topic=topic, by=by)


def undo_unpin(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if topic.is_pinned:
        raise CannotUndo(since(entry, "The topic is pinned again.", "pin"))
    until = (entry.facts["before"] or {}).get("until")
    pinning.pin_topic(topic=topic, by=by, until=datetime.fromisoformat(until) if until else None)


def undo_retitle(entry: LogEntry, by: User) -> None:
    topic = _topic(entry, by)
    if topic.title != entry.facts["after"]["title"]:
        latest = topic.title_changes.select_related("changed_by").latest("number")
        words = f"The title has been changed to “{topic.title}”"
        raise CannotUndo(f"{words} by {latest.changed_by.name}, {exact(latest.changed_at)}.")
    title = entry.facts["before"]["title"]
    rename.retitle(topic=topic, by=by, title=title, version=topic.title_version, reason=WHY)


def undo_edit(entry: LogEntry, by: User) -> None:
    """The old text comes back as a new revision; what was said in between stays in the history."""
    post = _post(entry, by)
    if post.body != history.text_of(post, entry.facts["after"]["version"], to=by):
        by_whom = post.edited_by.name if post.edited_by else ""
        when = exact(post.edited_at) if post.edited_at else ""
        raise CannotUndo(f"The post has been edited by {by_whom}, {when}.")
    if history.is_hidden(post, entry.facts["before"]["version"]):
        raise CannotUndo("The earlier text is hidden.")
    before = history.text_of(post, entry.facts["before"]["version"], to=by)
    if before is None:
        raise CannotUndo("The earlier text cannot be read any more.")
    editing.edit_post(post=post, by=by, body=before, version=post.version, reason=WHY)


def undo_highlight(entry: LogEntry, by: User) -> None:
    post, before = _post(entry, by), entry.facts["before"]
    if highlighting.marked_by(post) != entry.facts["after"]:
        raise CannotUndo(
            since(entry, "The highlight has been changed or taken down.", "highlight", "unhighlight")
        )
    if before is None:
        highlighting.unhighlight(post=post, by=by)
    else:
        _mark_again(post, by, before)


def undo_unhighlight(entry: LogEntry, by: User) -> None:
    post = _post(entry, by)
    if post.is_highlighted:
        raise CannotUndo(since(entry, "The post is highlighted again.", "highlight"))
    if post.is_removed:
        raise CannotUndo("The post is removed; restore it first.")
    _mark_again(post, by, entry.facts["before"])


def undo_remove(entry: LogEntry, by: User) -> None:
    """The highlight that went with it comes back too, if there is still room."""
    post = _post(entry, by)
    if not post.is_removed:
        raise CannotUndo(since(entry, "The post stands in its place again.", "restore"))
    if not is_of(entry, removal=post.removal.pk):
        raise CannotUndo(since(entry, "The post was restored and removed again.", "remove"))
    if entry.facts["before"].get("taken_back"):  # by its author, who did not want it read
        if not permissions.can_restore(by, post):
            raise NotAllowed
        removing.leave_to_author(post.topic, post, by=by)
        return
    removing.restore_post(post=post, by=by)
    mark = entry.facts["before"]["highlight"]
    if mark and not history.is_hidden(post, mark["revision"]):
        _mark_again(post, by, mark)


def undo_restore(entry: LogEntry, by: User) -> None:
    post, was = _post(entry, by), entry.facts["before"]
    if post.is_removed:
        raise CannotUndo(since(entry, "The post is removed again.", "remove"))
    removing.remove_post(post=post, by=by, reason=was["reason"], rule=_rule(was["rule"]))
    if was.get("taken_back"):
        post = _post(entry, by)
        removing.leave_to_author(post.topic, post, by=by)


def undo_unfold(entry: LogEntry, by: User) -> None:
    if not folding.fold_again(post=_post(entry, by), by=by):
        raise CannotUndo(since(entry, "The post is not one that was unfolded.", "fold"))


def is_of(entry: LogEntry, **row: int) -> bool:
    """Is what stands the row that the act made, or one that came back because what had ended it was undone?"""
    if entry.facts["after"].items() >= row.items():
        return True
    same = LogEntry.objects.filter(target_kind=entry.target_kind, target_id=entry.target_id)
    return same.filter(undoes__isnull=False, facts__after__contains=row).exists()


def _mark_again(post: Post, by: User, mark: dict[str, Any]) -> None:
    if history.is_hidden(post, mark["revision"]):
        raise CannotUndo("The words that were highlighted are hidden.")
    try:
        highlighting.mark_again(post=post, by=by, **mark)
    except TooManyHighlights:
        raise CannotUndo("The topic has its ten highlights.") from None


def _topic(entry: LogEntry, by: User) -> Topic:
    """Under its lock from here on, so that what is found is what is undone."""
    return require_staff_there(by, Topic.objects.locked(entry.target_id))


def _post(entry: LogEntry, by: User) -> Post:
    post = Post.objects.only("topic_id").get(pk=entry.target_id)
    topic, post = locking.locked(post, by=None)
    require_staff_there(by, topic)
    return post


def require_staff_there(by: User, topic: Topic) -> Topic:
    """Asked before anything is said of how things are now: the topic may have been moved to where others are staff."""
    if not permissions.is_staff_in(by, topic.section):
        raise NotAllowed
    return topic


def _rule(pk: int | None) -> Rule | None:
    return Rule.objects.filter(pk=pk).first() if pk else None


def since(entry: LogEntry, words: str, *acts: str) -> str:
    """What is different by now, and who did it, where the record knows."""
    latest = (
        LogEntry.objects.filter(target_kind=entry.target_kind, target_id=entry.target_id, pk__gt=entry.pk)
        .filter(act__in=acts)
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    return f"{words} {latest.by.name} did that, {exact(latest.at)}." if latest else words
