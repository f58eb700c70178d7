"""A post that its author or staff marked as more than thanks: it is never collapsed again."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from forum.models.post import Post


class AlwaysShown(models.Model):
    post = models.OneToOneField(Post, models.CASCADE, related_name="unfolding")
    unfolded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unfolded_at = models.DateTimeField(default=timezone.now)
