"""A reply that only staff can see. It is not a post: it has no position, and no count includes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person, is_member
from forum.models.maximum_lengths import BODY_MAX
from forum.models.post import Post
from forum.models.topic import Topic


class StaffReplyQuerySet(models.QuerySet["StaffReply"]):
    def visible_to(self, person: Person) -> "StaffReplyQuerySet":
        """The queryset version of permissions.can_read_staff_replies."""
        if not is_member(person) or not person.is_staff:
            return self.none()
        replies = self.filter(taken_back_at=None, topic__in=Topic.objects.visible_to(person).values("pk"))
        return replies.filter(topic__section__in=person.moderates) if person.is_limited else replies


class StaffReply(models.Model):
    # The topic of the post: a staff reply is moved with the post above it.
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="staff_replies")
    post = models.ForeignKey(Post, models.PROTECT, related_name="staff_replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    body = models.CharField(max_length=BODY_MAX)
    html = models.TextField()
    renderer = models.PositiveSmallIntegerField()
    submission_key = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = StaffReplyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "submission_key"], name="one_staff_reply_per_submission"
            ),
            models.CheckConstraint(condition=~Q(body=""), name="staff_reply_says_something"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, deleted_by=None)
                | Q(taken_back_at__isnull=False, deleted_by__isnull=False),
                name="taking_back_has_a_time_and_a_person",
            ),
        ]
