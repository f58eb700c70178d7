"""Counts of recent actions by a member; accounts/rate_limiting/rate_counter.py uses them."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class RateCount(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    act = models.CharField(max_length=20)
    slot = models.BigIntegerField()  # Unix time divided by the limit's window
    begun_at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "act", "slot"], name="one_count_per_user_act_and_slot")
        ]
