"""What staff did in a topic, shown in the topic itself to everyone who can read it. Readers see the role of who did it,
staff see the name. Only reasons that were written for readers are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import LogEntry, Rule, User
from forum.models import Post, Topic

# A sentence for each action. Actions that are not here are shown only in the audit log.
TOPIC_ACTIONS = {
    "close": gettext_lazy("Closed by {who}, {at}"),
    "close_by_itself": gettext_lazy("Closed automatically, as set by {who}, {at}"),
    "reopen": gettext_lazy("Reopened by {who}, {at}"),
    "retitle": gettext_lazy("Title changed by {who}, {at}"),
    "move_topic": gettext_lazy("Moved here from another section by {who}, {at}"),
    "merge": gettext_lazy("Merged into another topic by {who}, {at}"),
    "split": gettext_lazy("Posts moved to a new topic by {who}, {at}"),
    "move_posts": gettext_lazy("Posts moved to another topic by {who}, {at}"),
    "put_back": gettext_lazy("Posts moved back by {who}, {at}"),
    "slow_down": gettext_lazy("Slow mode turned on by {who}, {at}"),
    "end_slow_mode": gettext_lazy("Slow mode turned off by {who}, {at}"),
    "remove_topic": gettext_lazy("Topic removed by {who}, {at}"),
    "restore_topic": gettext_lazy("Topic restored by {who}, {at}"),
}
POST_ACTIONS = {
    "edit": gettext_lazy("Post edited by {who}, {at}"),
    "highlight": gettext_lazy("Post highlighted by {who}, {at}"),
    "unhighlight": gettext_lazy("Highlight removed by {who}, {at}"),
    "remove": gettext_lazy("Post removed by {who}, {at}"),
    "restore": gettext_lazy("Post restored by {who}, {at}"),
}
# Shown below a post. Other actions on posts show in the post itself: a removal and an edit have marks of their own.
SHOWN_BELOW_POST = {"highlight": gettext_lazy("Highlighted by {who}, {at}")}
ACTIONS_WITH_REASON = frozenset({"close", "close_by_itself", "retitle", "remove", "edit"})
TOPIC_LINES = 3
POST_LINES = 5  # on a page; the moderation history of the topic has all


@dataclass(frozen=True)
class ModeratorAction:
    """One action of staff, as shown to readers of the topic."""

    sentence: str  # with the placeholders {who} and {at}
    at: datetime
    by: User
    why: str
    rule: Rule | None
    post_id: int | None


def has_actions() -> Exists:
    """Returns an expression to read with the topic, so that a topic without actions costs no further query."""
    return Exists(LogEntry.objects.filter(topic_id=OuterRef("pk"), act__in=[*TOPIC_ACTIONS, *POST_ACTIONS]))


def actions_on(
    topic: Topic, posts: Iterable[Post]
) -> tuple[list[ModeratorAction], dict[int, ModeratorAction]]:
    """Returns the actions on the topic, newest first, and those on the posts by post id. One query."""
    by_pk = {post.pk: post for post in posts}
    on_topic = _entries().filter(topic_id=topic.pk, target_kind="topic", act__in=TOPIC_ACTIONS)
    on_posts = (
        _entries()
        .filter(target_kind="post", target_id__in=list(by_pk), act__in=POST_ACTIONS)
        .order_by("target_id", "-at", "-pk")
        .distinct("target_id")
    )
    newest = on_topic.order_by("-at", "-pk")[: TOPIC_LINES + 1]
    entries = list(newest.union(on_posts, all=True)) if by_pk else list(newest)
    below = [entry for entry in entries if entry.target_kind == "post" and entry.act in SHOWN_BELOW_POST]
    newest_below = sorted(below, key=lambda entry: entry.at, reverse=True)[:POST_LINES]
    action_of_post = {
        entry.target_id: _action(entry, SHOWN_BELOW_POST[entry.act])
        for entry in newest_below
        if by_pk[entry.target_id].is_highlighted
    }
    topic_entries = [entry for entry in entries if entry.target_kind == "topic"]
    topic_entries.sort(key=lambda entry: (entry.at, entry.pk), reverse=True)
    if topic.is_closed and topic_entries and topic_entries[0].act in ("close", "close_by_itself"):
        topic_entries = topic_entries[1:]  # the closure above the posts shows it
    return [_action(entry, TOPIC_ACTIONS[entry.act]) for entry in topic_entries[:TOPIC_LINES]], action_of_post


def all_actions_in(topic: Topic) -> QuerySet[LogEntry]:
    """Returns all actions in the topic that its readers can see."""
    return _entries().filter(topic_id=topic.pk, act__in=[*TOPIC_ACTIONS, *POST_ACTIONS])


def action_of(entry: LogEntry) -> ModeratorAction:
    return _action(entry, (TOPIC_ACTIONS | POST_ACTIONS)[entry.act])


def load_rules(rows: Iterable[object]) -> None:
    """Loads the rules of closures and removals; no query if none has a rule."""
    rows_with_rule = [row for row in rows if getattr(row, "rule_id", None)]
    if not rows_with_rule:
        return
    rules = Rule.objects.select_related("version").in_bulk({row.rule_id for row in rows_with_rule})  # type: ignore[attr-defined]
    for row in rows_with_rule:
        row.rule = rules[row.rule_id]  # type: ignore[attr-defined]


def actor_of(name: str, role: str, *, sees_names: bool) -> str:
    """Returns the name as HTML, or only the role."""
    if sees_names:
        if role == User.Role.MEMBER:
            return format_html("<bdi>{}</bdi>", name)
        return format_html('<bdi>{}</bdi> <span class="role">{}</span>', name, User.Role(role).label)
    # A former moderator is a member now.
    return _("an admin") if role == User.Role.ADMIN else _("a moderator")


def _entries() -> QuerySet[LogEntry]:
    return LogEntry.objects.select_related("by", "rule__version").defer(
        "facts", "by__about", "by__about_html"
    )


def _action(entry: LogEntry, sentence: Any) -> ModeratorAction:
    why = entry.why if entry.act in ACTIONS_WITH_REASON else ""
    post_id = entry.target_id if entry.target_kind == "post" else None
    return ModeratorAction(str(sentence), entry.at, entry.by, why, entry.rule, post_id)
