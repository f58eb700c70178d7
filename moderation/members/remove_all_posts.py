"""Remove all posts by a member in one action, reject their pending posts, and restore exactly those.

The log entry lists the posts. It is written first; its time and author mark every removal that belongs to it, so that
posts that others remove or restore in between stay as they decided. The worker does it, a few hundred topics at a time
in the order of their ids; a small number of posts is removed before the response."""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from accounts.audit.log import log_action
from accounts.models import LogEntry, Rule, User
from forum.access.require import require
from forum.approval.queue import reopen, resolve
from forum.models import Highlight, PendingPost, Post
from moderation.access import permissions
from moderation.access.errors import CannotUndo, NothingToRemove
from moderation.members.remove_all_posts_sql import removed_by
from moderation.members.remove_all_posts_worker import has_unfinished_job, remove_or_restore_posts
from notifications.inbox.notify import notify

MAX_IMMEDIATE = 500  # posts that are removed before the response


@transaction.atomic
def remove_all_posts(*, member: User, by: User, reason: str, rule: Rule | None = None) -> LogEntry:
    """Removes all visible posts of the member, and their topics that contain no visible posts of others, and rejects
    their pending posts. Raises NothingToRemove if nothing is left to remove, also because someone else is doing it."""
    by, member = User.objects.locked_both(by, member)
    require(permissions.can_act_on_account(by, member))
    posts = list(_visible_posts(member).order_by("pk").values_list("pk", flat=True))
    earlier_entry = _last_removal(member)
    if earlier_entry and set(posts) <= set(earlier_entry.facts["after"]["posts"]):
        posts = []
    # Pending posts that someone is reviewing now are skipped: posts are locked before people, not after.
    pending = list(_pending_posts(member).select_for_update(no_key=True, skip_locked=True).order_by("pk"))
    if not posts and not pending:
        raise NothingToRemove(earlier_entry)
    highlights = Highlight.objects.filter(post__in=posts).values("post", "revision", "excerpt")
    entry = log_action(
        "remove_everything",
        by=by,
        target=member,
        name=member.name,
        reason=reason,
        rule=rule,
        before={"highlights": list(highlights)},
        after={"posts": posts, "waiting": [pending_post.pk for pending_post in pending]},
    )
    for pending_post in pending:
        resolve(pending_post, by=by, outcome=PendingPost.Outcome.REFUSED, reason=reason, at=entry.at)
    notify(member=member, text=_notice(entry), url=reverse("account_standing"))
    _start(entry, posts)
    return entry


@transaction.atomic
def undo_remove_all_posts(entry: LogEntry, by: User) -> None:
    """Restores the posts that this entry removed, and makes the posts that it rejected pending again, except for those
    that someone has decided about since."""
    rejected = list(_rejected_by(entry).select_for_update(no_key=True).order_by("pk"))
    by, member = User.objects.locked_both(by, User.objects.get(pk=entry.target_id))
    require(permissions.can_act_on_account(by, member))
    # The worker may not have started yet. Once the following row exists, it never will.
    posts = entry.facts["after"]["posts"] if has_unfinished_job(entry) else removed_by(entry)
    if not posts and not rejected:
        raise CannotUndo(_("There is nothing left to restore."))
    undo_entry = log_action(
        "restore_everything",
        by=by,
        target=member,
        name=member.name,
        before={
            "posts": posts,
            "waiting": [pending_post.pk for pending_post in rejected],
            "cleared": entry.pk,
        },
        undoes=entry,
    )
    for pending_post in rejected:
        reopen(pending_post)
    notify(member=member, text=_("Your removed posts were restored."), url=reverse("account_standing"))
    _start(undo_entry, posts)


def removed_in_words(entry: LogEntry) -> str:
    """Returns how much an entry removed: “3 posts”, “1 post and 2 pending posts”."""
    post_count, pending_count = (len(entry.facts["after"].get(kind, [])) for kind in ("posts", "waiting"))
    posts_text = ngettext("%(posts)s post", "%(posts)s posts", post_count) % {"posts": f"{post_count:,}"}
    if not pending_count:
        return posts_text
    message = ngettext(
        "%(posts)s and %(texts)s pending post", "%(posts)s and %(texts)s pending posts", pending_count
    )
    return message % {"posts": posts_text, "texts": f"{pending_count:,}"}


def _notice(entry: LogEntry) -> str:
    """Returns the notification for the member."""
    if entry.rule:
        message = _("All your posts were removed (%(count)s). Reason: %(reason)s Rule %(rule)s.")
    else:
        message = _("All your posts were removed (%(count)s). Reason: %(reason)s")
    return message % {"count": removed_in_words(entry), "reason": entry.why, "rule": entry.rule}


def _start(entry: LogEntry, posts: list[int]) -> None:
    from moderation.members.tasks import remove_or_restore  # which imports this module

    remove_or_restore.defer(entry=entry.pk)
    if len(posts) <= MAX_IMMEDIATE:
        # After the transaction, because it holds the lock of a member. If it fails, the worker does it.
        transaction.on_commit(lambda: remove_or_restore_posts(entry), robust=True)


def _visible_posts(member: User) -> QuerySet[Post]:
    return Post.objects.by(member).not_removed()


def _pending_posts(member: User) -> QuerySet[PendingPost]:
    return PendingPost.objects.pending().filter(author=member)


def _rejected_by(entry: LogEntry) -> QuerySet[PendingPost]:
    """Returns the posts that this entry rejected: as for removals, its time and author mark them."""
    texts = PendingPost.objects.filter(pk__in=entry.facts["after"].get("waiting", []))
    return texts.filter(outcome=PendingPost.Outcome.REFUSED, resolved_at=entry.at, resolved_by=entry.by_id)


def _last_removal(member: User) -> LogEntry | None:
    entries = LogEntry.objects.filter(act="remove_everything", member=member, undone_by=None)
    return entries.select_related("by").order_by("-at", "-pk").first()
