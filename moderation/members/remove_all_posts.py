"""Remove everything that a member wrote, in one act, and bring exactly that back; what waits for approval is refused.

The entry in the record says which posts; it is written first, and its moment and person mark every removal that is made
by it, so that what others removed or restored meanwhile is left as they decided. The worker carries it out, a few
hundred topics at a time in the order of their numbers; few posts go at once, before the page is answered."""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.audit.log import record
from accounts.models import LogEntry, Rule, User
from forum.access.errors import NotAllowed
from forum.approval.queue import settle, wait_again
from forum.models import Highlight, Post, WaitingPost
from moderation.access import permissions
from moderation.access.errors import AlreadyCleared, CannotUndo
from moderation.members import remove_all_posts_sql as clearing_sql
from moderation.members.remove_all_posts_worker import _has_to_be_done, carry_out
from notifications.inbox.notify import tell

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


def _soon_or_now(entry: LogEntry, posts: list[int]) -> None:
    from moderation.members.tasks import clear_or_restore  # which imports this module

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
