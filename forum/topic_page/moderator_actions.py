"""What staff did in a topic, told where it happened: a short line with the role of whoever did it, for everybody who
may read the topic. Names are for staff; the reasons that stand here are those that were written to be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.html import format_html

from accounts.models import LogEntry, Rule, User
from forum.models import Post, Topic

# How an act reads; by whom and when follows. An act that is not here is not told outside the log.
TOPIC_DEEDS = {
    "close": "Closed",
    "close_by_itself": "Closed by itself, as set",
    "reopen": "Opened again",
    "retitle": "Title changed",
    "move_topic": "Moved here from another section",
    "merge": "Merged into another topic",
    "split": "Posts split off into another topic",
    "move_posts": "Posts moved to another topic",
    "put_back": "Posts put back in their places",
    "slow_down": "Slowed down",
    "end_slow_mode": "Slow mode ended",
    "remove_topic": "Topic removed",
    "restore_topic": "Topic restored",
}
POST_DEEDS = {
    "edit": "Post edited",
    "highlight": "Post highlighted",
    "unhighlight": "Highlight taken down",
    "remove": "Post removed",
    "restore": "Post restored",
}
# Below a post stands what its page does not show otherwise: a removal is its tombstone, an edit has its mark, and what
# was restored is as it was.
BELOW_A_POST = {"highlight": "Highlighted"}
WHY_IS_TOLD = frozenset({"close", "close_by_itself", "retitle", "remove", "edit"})
TOPIC_LINES = 3
POST_LINES = 5  # on a page; all the others stand in the topic's record


@dataclass(frozen=True)
class Deed:
    """One act, as a reader of the topic is told of it."""

    words: str
    at: datetime
    by: User
    why: str
    rule: Rule | None
    post_id: int | None


def is_recorded() -> Exists:
    """Asked together with the topic, so that one of which there is nothing to tell costs no query."""
    return Exists(LogEntry.objects.filter(topic_id=OuterRef("pk"), act__in=[*TOPIC_DEEDS, *POST_DEEDS]))


def deeds_on(topic: Topic, posts: Iterable[Post]) -> tuple[list[Deed], dict[int, Deed]]:
    """Those of the topic, newest first, and those of the posts by their ids. One query."""
    by_pk = {post.pk: post for post in posts}
    of_topic = _entries().filter(topic_id=topic.pk, target_kind="topic", act__in=TOPIC_DEEDS)
    of_posts = (
        _entries()
        .filter(target_kind="post", target_id__in=list(by_pk), act__in=POST_DEEDS)
        .order_by("target_id", "-at", "-pk")
        .distinct("target_id")
    )
    newest = of_topic.order_by("-at", "-pk")[: TOPIC_LINES + 1]
    entries = list(newest.union(of_posts, all=True)) if by_pk else list(newest)
    below = [entry for entry in entries if entry.target_kind == "post" and entry.act in BELOW_A_POST]
    newest_below = sorted(below, key=lambda entry: entry.at, reverse=True)[:POST_LINES]
    of_post = {
        entry.target_id: _deed(entry, BELOW_A_POST[entry.act])
        for entry in newest_below
        if by_pk[entry.target_id].is_highlighted
    }
    told = [entry for entry in entries if entry.target_kind == "topic"]
    told.sort(key=lambda entry: (entry.at, entry.pk), reverse=True)
    if topic.is_closed and told and told[0].act in ("close", "close_by_itself"):
        told = told[1:]  # the closure above the posts says it
    return [_deed(entry, TOPIC_DEEDS[entry.act]) for entry in told[:TOPIC_LINES]], of_post


def record_of(topic: Topic) -> QuerySet[LogEntry]:
    """All that was done in the topic and is told to its readers."""
    return _entries().filter(topic_id=topic.pk, act__in=[*TOPIC_DEEDS, *POST_DEEDS])


def deed_of(entry: LogEntry) -> Deed:
    return _deed(entry, TOPIC_DEEDS.get(entry.act) or POST_DEEDS[entry.act])


def name_rules(things: Iterable[object]) -> None:
    """Put the rules on closures and removals that name one; no query where none does."""
    naming = [thing for thing in things if getattr(thing, "rule_id", None)]
    if not naming:
        return
    rules = Rule.objects.select_related("version").in_bulk({thing.rule_id for thing in naming})  # type: ignore[attr-defined]
    for thing in naming:
        thing.rule = rules[thing.rule_id]  # type: ignore[attr-defined]


def doer_of(name: str, role: str, *, sees_names: bool) -> str:
    """Who did it, as far as this reader is told."""
    if sees_names:
        if role == User.Role.MEMBER:
            return format_html("<bdi>{}</bdi>", name)
        return format_html('<bdi>{}</bdi> <span class="role">{}</span>', name, User.Role(role).label)
    # Whoever is no staff any more did it as one.
    return "an admin" if role == User.Role.ADMIN else "a moderator"


def _entries() -> QuerySet[LogEntry]:
    return LogEntry.objects.select_related("by", "rule__version").defer(
        "facts", "by__about", "by__about_html"
    )


def _deed(entry: LogEntry, words: str) -> Deed:
    why = entry.why if entry.act in WHY_IS_TOLD else ""
    post_id = entry.target_id if entry.target_kind == "post" else None
    return Deed(words, entry.at, entry.by, why, entry.rule, post_id)
