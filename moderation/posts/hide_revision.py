"""Hide what a post said in one revision, and show it again. What it says now is never hidden: first it is edited, since
a post says something, and whoever edits it decides what that is."""

from django.db import transaction

from accounts.audit.log import record
from accounts.models import User
from accounts.models.log_entry import LogEntry
from core.web.times import exact
from forum.access import locks as locking, permissions
from forum.access.errors import NotAllowed
from forum.attachments import links as attached
from forum.history import revisions as history
from forum.models import HiddenRevision, Post, Topic
from forum.thanks import folding
from moderation.access.errors import CannotUndo, IsWhatItSaysNow


@transaction.atomic
def hide_revision(*, post: Post, number: int, by: User, reason: str) -> HiddenRevision:
    """Hide it from everybody but staff; who comes second gets what stands. A highlight of its words ends with them."""
    topic, post = _locked(post, by)
    if number == post.version:
        raise IsWhatItSaysNow(post)
    if not post.revisions.filter(number=number).exists():
        raise NotAllowed
    if standing := _hidden(post, number):
        return standing
    hidden = HiddenRevision.objects.create(post=post, number=number, hidden_by=by, reason=reason)
    attached.withhold(post)
    fields = {}
    was_highlighted = post.is_highlighted and post.highlight.revision == number
    if was_highlighted:
        post.highlight.delete()
        fields = folding.decide_again(topic, post)
    facts = {"revision": number, "reason": reason, "was_highlighted": was_highlighted}
    _record("hide_revision", topic, post, by=by, why=reason, facts=facts)
    topic.change(takes_back=True, **fields)
    return hidden


@transaction.atomic
def show_revision(*, post: Post, number: int, by: User) -> bool:
    """Let whoever reads the history read it again; False if they could. A highlight does not come back with it."""
    topic, post = _locked(post, by)
    hidden = _hidden(post, number)
    if hidden is None:
        return False
    facts = {"revision": number, "reason": hidden.reason}
    hidden.delete()
    attached.withhold(post)
    _record("show_revision", topic, post, by=by, why="", facts=facts)
    topic.change()
    return True


def undo_hide_revision(entry: LogEntry, by: User) -> None:
    _, post = _locked(Post.objects.only("topic_id").get(pk=entry.target_id), by)
    later = LogEntry.objects.filter(target_kind="post", target_id=post.pk, act="hide_revision", undoes=None)
    if later.filter(pk__gt=entry.pk, facts__revision=entry.facts["revision"]).exists():
        raise CannotUndo("The revision was shown and hidden again.")
    if not show_revision(post=post, number=entry.facts["revision"], by=by):
        raise CannotUndo("The revision is shown again already.")


def undo_show_revision(entry: LogEntry, by: User) -> None:
    _, post = _locked(Post.objects.only("topic_id").get(pk=entry.target_id), by)
    number = entry.facts["revision"]
    if standing := _hidden(post, number):
        raise CannotUndo(f"Already done by {standing.hidden_by.name}, {exact(standing.hidden_at)}.")
    hide_revision(post=post, number=number, by=by, reason=entry.facts["reason"])


def require_may_hide(by: User, post: Post, number: int) -> None:
    """Asked by the page before there is a form, and again under the lock."""
    if not permissions.can_hide_revision(by, post):
        raise NotAllowed
    if number == post.version:
        raise IsWhatItSaysNow(post)


def _locked(post: Post, by: User) -> tuple[Topic, Post]:
    topic, post = locking.locked(post, by=by)
    if not permissions.can_hide_revision(by, post):
        raise NotAllowed
    return topic, post


def _hidden(post: Post, number: int) -> HiddenRevision | None:
    return history.hidden_in(post).filter(number=number).first()


def _record(act: str, topic: Topic, post: Post, *, by: User, why: str, facts: dict[str, object]) -> None:
    record(
        act,
        by=by,
        target=post,
        name=topic.title,
        why=why,
        topic_id=topic.pk,
        section_id=topic.section_id,
        facts=facts,
    )
