"""Staff, or the author, took a post away: it keeps its place as a tombstone and can be restored."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.bounds import REASON_MAX
from forum.models.post import Post


class Removal(models.Model):
    post = models.OneToOneField(Post, models.CASCADE, related_name="removal")
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    rule = models.ForeignKey("accounts.Rule", models.PROTECT, null=True, related_name="+")
