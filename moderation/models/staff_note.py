"""Notes of staff about a member. Members never see them, and nobody can read the notes about themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from forum.models.maximum_lengths import COMMENT_MAX


class StaffNote(models.Model):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.CharField(max_length=COMMENT_MAX)
    submission_key = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="staff_note_says_something"),
            models.UniqueConstraint(fields=["by", "submission_key"], name="one_staff_note_per_submission"),
        ]
        indexes = [models.Index(fields=["member", "-id"], name="staff_notes_about_a_member")]
