"""Remove everything that a member wrote, in one act, and bring exactly that back; what waits for approval is refused.

The entry in the record says which posts; it is written first, and its moment and person mark every removal that is made
by it, so that what others removed or restored meanwhile is left as they decided. The worker carries it out, a few
hundred topics at a time in the order of their numbers; few posts go at once, before the page is answered."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import LogEntry, Rule, User
from accounts.record import record
from forum import folding, history, locking
from forum.bounds import HIGHLIGHTS_PER_TOPIC
from forum.models import Highlight, Post, WaitingPost
from forum.refusals import MovedMeanwhile, NotAllowed
from forum.waiting import settle, wait_again
from moderation import clearing_sql, permissions
from moderation.refusals import AlreadyCleared, CannotUndo
from notifications.telling import tell

AT_ONCE = 500  # posts, within what a page may take


@transaction.atomic
def remove_everything(*, member: User, by: User, reason: str, rule: Rule | None = None) -> LogEntry:
    """All posts that stand, and the topics that the member started where nobody else's posts are left; texts that wait
    are refused. Raises AlreadyCleared when there is nothing left that somebody else did not remove just now."""
    by, member = User.objects.locked_both(by, member)
    if not permissions.can_act_on_account(by, member):
        raise NotAllowed
    posts = list(_standing(member).order_by("pk").values_list("pk", flat=True))
    before = _last_clearing(member)
    if before and set(posts) <= set(before.facts["after"]["posts"]):
        posts = []
    # What somebody is deciding about at this moment is left to them: texts are locked before people, not after.
    waiting = list(_waiting(member).select_for_update(no_key=True, skip_locked=True).order_by("pk"))
    if not posts and not waiting:
        raise AlreadyCleared(before)
    marks = Highlight.objects.filter(post__in=posts).values("post", "revision", "excerpt")
    entry = record(
        "remove_everything",
        by=by,
        target=member,
        name=member.name,
        why=reason,
        rule=rule,
        facts={
            "before": {"highlights": list(marks)},
            "after": {"posts": posts, "waiting": [text.pk for text in waiting]},
        },
    )
    for text in waiting:
        settle(text, by=by, outcome=WaitingPost.Outcome.REFUSED, reason=reason, at=entry.at)
    because = f"{reason}{f' Rule {rule}.' if rule else ''}"
    words = f"Everything that you wrote has been removed ({in_words(entry)}). Why: {because}"
    tell(member=member, text=words, url=reverse("account_standing"))
    _soon_or_now(entry, posts)
    return entry


@transaction.atomic
def restore_everything(*, cleared: LogEntry, by: User) -> LogEntry:
    """What that entry removed stands again and what it refused waits, but for what somebody has decided about since."""
    refused = list(_refused_by(cleared).select_for_update(no_key=True).order_by("pk"))
    by, member = User.objects.locked_both(by, User.objects.get(pk=cleared.target_id))
    if not permissions.can_act_on_account(by, member):
        raise NotAllowed
    # The worker may not have come to it; from the row that follows on it never will.
    posts = cleared.facts["after"]["posts"] if _has_to_be_done(cleared) else clearing_sql.removed_by(cleared)
    if not posts and not refused:
        raise CannotUndo("Nothing of it is left to bring back.")
    entry = record(
        "restore_everything",
        by=by,
        target=member,
        name=member.name,
        facts={
            "before": {"posts": posts, "waiting": [text.pk for text in refused], "cleared": cleared.pk},
            "after": None,
        },
    )
    for text in refused:
        wait_again(text)
    words = "What you had written and had been removed stands in its place again."
    tell(member=member, text=words, url=reverse("account_standing"))
    _soon_or_now(entry, posts)
    return entry


def undo_remove_everything(entry: LogEntry, by: User) -> None:
    restore_everything(cleared=entry, by=by)


def carry_out(entry: LogEntry) -> int:
    """Do what the entry says, as far as it is not done; how many posts that were. Each batch is a transaction of its
    own where nobody has begun one: whoever writes in one of these topics waits for a moment only."""
    done = 0
    cleared = _cleared(entry)
    for batch in clearing_sql.batches(_posts_of(entry)):
        if entry == cleared:
            done += clearing_sql.remove(entry, batch)
        else:
            restored = clearing_sql.restore(cleared, batch)
            _mark_again(cleared, set(restored))
            done += len(restored)
    return done


def is_under_way(entry: LogEntry) -> bool:
    """Has the worker not come to the end of it?"""
    if not _has_to_be_done(entry):
        return False
    if entry.act == "remove_everything":
        return Post.objects.filter(pk__in=_posts_of(entry)).standing().exists()
    return bool(clearing_sql.removed_by(_cleared(entry)))


def in_words(entry: LogEntry) -> str:
    """How much an entry removed: “3 posts”, “1 post, and 2 texts that waited for approval”."""
    posts, texts = (len(entry.facts["after"].get(kind, [])) for kind in ("posts", "waiting"))
    many_posts = ngettext("%(posts)s post", "%(posts)s posts", posts) % {"posts": f"{posts:,}"}
    if not texts:
        return many_posts
    words = ngettext(
        "%(posts)s, and %(texts)s text that waited for approval",
        "%(posts)s, and %(texts)s texts that waited for approval",
        texts,
    )
    return words % {"posts": many_posts, "texts": f"{texts:,}"}


def _cleared(entry: LogEntry) -> LogEntry:
    """The entry that removed, of one that removes or restores."""
    if entry.act == "remove_everything":
        return entry
    return LogEntry.objects.get(pk=entry.facts["before"]["cleared"])


def _has_to_be_done(entry: LogEntry) -> bool:
    """Does the worker still have it before it? What went at once it finds done."""
    jobs = ProcrastinateJob.objects.filter(task_name="moderation.remove_all_posts")
    return jobs.filter(args__entry=entry.pk, status__in=["todo", "doing"]).exists()


def _posts_of(entry: LogEntry) -> list[int]:
    facts: dict[str, Any] = entry.facts["after" if entry.act == "remove_everything" else "before"]
    return facts["posts"]


def _soon_or_now(entry: LogEntry, posts: list[int]) -> None:
    from moderation.tasks import clear_or_restore  # which imports this module

    clear_or_restore.defer(entry=entry.pk)
    if len(posts) <= AT_ONCE:
        # Not in here: who holds a member's row locks no topic. Should it fail, the worker does it.
        transaction.on_commit(lambda: carry_out(entry), robust=True)


def _standing(member: User) -> QuerySet[Post]:
    return Post.objects.filter(author=member).standing()


def _waiting(member: User) -> QuerySet[WaitingPost]:
    return WaitingPost.objects.waiting().filter(author=member)


def _refused_by(cleared: LogEntry) -> QuerySet[WaitingPost]:
    """As for removals, the moment and the person are the mark of the act."""
    texts = WaitingPost.objects.filter(pk__in=cleared.facts["after"].get("waiting", []))
    return texts.filter(outcome=WaitingPost.Outcome.REFUSED, settled_at=cleared.at, settled_by=cleared.by_id)


def _last_clearing(member: User) -> LogEntry | None:
    cleared = LogEntry.objects.filter(act="remove_everything", member=member, undone_by=None)
    return cleared.select_related("by").order_by("-at", "-pk").first()


def _mark_again(cleared: LogEntry, posts: set[int]) -> None:
    """The highlights that went with these posts, where their topics still have room."""
    for mark in cleared.facts["before"]["highlights"]:
        if mark["post"] in posts:
            # One that moves to another topic at this moment keeps its place there, without the mark.
            with suppress(MovedMeanwhile):
                _mark_one_again(cleared, mark)


@transaction.atomic
def _mark_one_again(cleared: LogEntry, mark: dict[str, Any]) -> None:
    topic, post = locking.locked(Post.objects.only("topic_id").get(pk=mark["post"]), by=None)
    # Somebody has decided otherwise since; or has hidden the very words.
    if post.is_removed or post.is_highlighted or history.is_hidden(post, mark["revision"]):
        return
    if topic.highlights.count() >= HIGHLIGHTS_PER_TOPIC:
        return
    post.highlight = Highlight.objects.create(
        post=post,
        topic=topic,
        revision=mark["revision"],
        excerpt=mark["excerpt"],
        highlighted_by=cleared.by,
    )
    topic.change(**folding.decide_again(topic, post))
