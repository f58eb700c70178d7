"""Hide a post automatically, pending review, when its reports weigh enough. No person does this, so the audit log has
no entry; the case has an event. How much is enough, each section decides: its `auto_hide_threshold`."""

from decimal import Decimal

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access.permissions import is_staff_in
from forum.models import Post, Topic
from moderation.models import Case, CaseEvent
from moderation.posts.remove import auto_hide_post
from notifications.inbox.notify import notify


def must_hide(case: Case, post: Post) -> bool:
    """Whether the reports of the case hide the post now. Needs the lock of the post.

    This happens at most once per case, so that a post restored by staff stays. Posts by staff, highlighted posts, and
    revisions in which staff found no violation are never hidden."""
    threshold = post.topic.section.auto_hide_threshold
    if not threshold or post.is_removed or post.is_highlighted or case.auto_hidden_at:
        return False
    if is_staff_in(post.author, post.topic.section):
        return False
    if _is_cleared_revision(post):
        return False
    reports = case.reports.order_by().aggregate(members=Count("pk"), weight=Sum("weight"))
    # A single member cannot hide a post, whatever their weight, unless the threshold is 1.
    return (reports["weight"] or Decimal(0)) >= threshold and reports["members"] >= min(2, threshold)


def auto_hide(case: Case, topic: Topic, post: Post) -> None:
    """Hides the post when it is due. Needs the locks of all three."""
    auto_hide_post(topic, post)
    case.auto_hidden_at = timezone.now()
    case.save(update_fields=["auto_hidden_at"])
    CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.AUTO_HIDDEN, at=case.auto_hidden_at)
    notify(
        member=post.author,
        text=_(
            "Your post in “%(topic)s” is hidden until moderators have reviewed it. You don’t need to do anything. "
            "We’ll notify you of the outcome."
        )
        % {"topic": topic.title},
        url=post.get_absolute_url(),
    )


def _is_cleared_revision(post: Post) -> bool:
    """Whether staff found no violation in the current revision."""
    cases = Case.objects.filter(post=post, outcome=Case.Outcome.NO_VIOLATION)
    return cases.filter(resolved_revision=post.version).exists()
