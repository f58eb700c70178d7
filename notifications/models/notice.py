"""Notifications of members."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

NOTICE_MAX = 500
ADDRESS_MAX = 300


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    text = models.CharField(max_length=NOTICE_MAX)  # plain text
    url = models.CharField(max_length=ADDRESS_MAX, blank=True)  # a path on this site
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

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
