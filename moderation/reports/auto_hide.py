"""Hide a post until staff have looked at it, when its reports weigh enough. No person does this, so the record has no
entry of it; the case has."""

from decimal import Decimal

from django.db.models import Count, Sum
from django.utils import timezone

from forum.access.permissions import is_staff_in
from forum.models import Post, Topic
from moderation.models import Case, CaseEvent
from moderation.posts.remove import hold_post
from notifications.inbox.notify import tell


def is_due(case: Case, post: Post) -> bool:
    """Do the case's reports hold the post now? Called under the post's lock.

    Once a case: what staff brought back stays. Never what staff wrote or highlighted, nor words that were looked at
    and found in order."""
    threshold = post.topic.section.reports_to_hold
    if not threshold or post.is_removed or post.is_highlighted or case.held_at:
        return False
    if is_staff_in(post.author, post.topic.section):
        return False
    if _were_found_in_order(post):
        return False
    reports = case.reports.order_by().aggregate(members=Count("pk"), weight=Sum("weight"))
    # One member alone hides nothing, however much they weigh, but where admins say that one report is enough.
    return (reports["weight"] or Decimal(0)) >= threshold and reports["members"] >= min(2, threshold)


def hold(case: Case, topic: Topic, post: Post) -> None:
    """Called under the locks of all three, when it is due."""
    hold_post(topic, post)
    case.held_at = timezone.now()
    case.save(update_fields=["held_at"])
    CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.HELD, at=case.held_at)
    tell(
        member=post.author,
        text=f"Your post in “{topic.title}” is hidden until moderators have looked at it. You will be told what they "
        "find; there is nothing you need to do.",
        url=post.get_absolute_url(),
    )


def _were_found_in_order(post: Post) -> bool:
    """As they stand now: an edit makes them new words."""
    looked_at = Case.objects.filter(post=post, outcome=Case.Outcome.NO_BREACH)
    return looked_at.filter(settled_revision=post.version).exists()
