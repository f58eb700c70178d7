"""Notifications of members."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

TEXT_MAX = 500
URL_MAX = 300


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    text = models.CharField(max_length=TEXT_MAX)  # plain text
    url = models.CharField(max_length=URL_MAX, blank=True)  # a path on this site
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="notices_of_a_member"),
            models.Index(fields=["member", "id"], condition=Q(read_at=None), name="unread_notices"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="notice_says_something"),
            models.CheckConstraint(
                condition=Q(url="") | (Q(url__startswith="/") & ~Q(url__startswith="//")),
                name="notice_leads_to_this_site",
            ),
        ]

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
