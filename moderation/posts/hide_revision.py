"""Hide one revision of a post, and show it again. The newest revision cannot be hidden: a post always has a text, so it
has to be edited first."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import LogEntry, User
from forum.access import locks, permissions
from forum.access.audit_log import record_on
from forum.access.require import require
from forum.attachments.links import update_hidden
from forum.history.revisions import hidden_in
from forum.models import HiddenRevision, Post
from forum.search_index.store import mark_highlighted
from forum.thanks import folding
from moderation.access.errors import CannotUndo, IsCurrentRevision, already_done


@transaction.atomic
def hide_revision(
    *, post: Post, number: int, by: User, reason: str, undoes: LogEntry | None = None
) -> HiddenRevision:
    """Hides the revision from everyone except staff and returns the row, also if it was hidden before. A highlight of
    this revision is removed."""
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_hide_revision)
    if number == post.version:
        raise IsCurrentRevision(post)
    require(post.revisions.filter(number=number).exists())
    if existing := _hidden(post, number):
        return existing
    hidden = HiddenRevision.objects.create(post=post, number=number, hidden_by=by, reason=reason)
    update_hidden(post)
    fields = {}
    was_highlighted = post.is_highlighted and post.highlight.revision == number
    if was_highlighted:
        post.highlight.delete()
        mark_highlighted([post.pk], highlighted=False)
        fields = folding.update_collapsed(topic, post)
    facts = {"revision": number, "reason": reason, "was_highlighted": was_highlighted}
    record_on("hide_revision", post, by=by, reason=reason, facts=facts, undoes=undoes)
    topic.change(takes_back=True, **fields)
    return hidden


@transaction.atomic
def show_revision(*, post: Post, number: int, by: User, undoes: LogEntry | None = None) -> bool:
    """Shows the revision again to everyone who can see the history. Returns False if it was not hidden. A highlight is
    not restored."""
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_hide_revision)
    hidden = _hidden(post, number)
    if hidden is None:
        return False
    facts = {"revision": number, "reason": hidden.reason}
    hidden.delete()
    update_hidden(post)
    record_on("show_revision", post, by=by, facts=facts, undoes=undoes)
    topic.change()
    return True


def undo_hide_revision(entry: LogEntry, by: User) -> None:
    post = Post.objects.only("topic_id").get(pk=entry.target_id)
    post = locks.lock_post(post, by=by, if_may=permissions.can_hide_revision)[1]
    entries = LogEntry.objects.filter(target_kind="post", target_id=post.pk, act="hide_revision", undoes=None)
    if entries.filter(pk__gt=entry.pk, facts__revision=entry.facts["revision"]).exists():
        raise CannotUndo(_("The revision was shown and then hidden again."))
    if not show_revision(post=post, number=entry.facts["revision"], by=by, undoes=entry):
        raise CannotUndo(_("The revision is no longer hidden."))


def undo_show_revision(entry: LogEntry, by: User) -> None:
    post = Post.objects.only("topic_id").get(pk=entry.target_id)
    post = locks.lock_post(post, by=by, if_may=permissions.can_hide_revision)[1]
    number = entry.facts["revision"]
    if hidden := _hidden(post, number):
        raise CannotUndo(already_done(hidden.hidden_by, hidden.hidden_at))
    hide_revision(post=post, number=number, by=by, reason=entry.facts["reason"], undoes=entry)


def require_can_hide(by: User, post: Post, number: int) -> None:
    """Raises an error if the person cannot hide this revision. Pages call it before they show the form."""
    require(permissions.can_hide_revision(by, post))
    if number == post.version:
        raise IsCurrentRevision(post)


def _hidden(post: Post, number: int) -> HiddenRevision | None:
    return hidden_in(post).filter(number=number).first()
