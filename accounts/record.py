"""The record of moderation: one row for every act of staff, written in the transaction of the act itself.

It names its target by kind and id and holds no key to it: accounts/ knows nothing of topics and posts.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone

WHY_MAX = 200


class LogEntry(models.Model):
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    act = models.CharField(max_length=30)
    why = models.CharField(max_length=WHY_MAX, blank=True)
    target_kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    target_name = models.CharField(max_length=200, blank=True)  # as it was called at the time
    topic_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest_first"),
            models.Index(
                fields=["topic_id", "id"], name="log_by_topic", condition=models.Q(topic_id__isnull=False)
            ),
            models.Index(fields=["target_kind", "target_id"], name="log_by_target"),
        ]


def record(
    act: str,
    *,
    by: models.Model,
    target: models.Model,
    name: str = "",
    why: str = "",
    topic_id: int | None = None,
) -> None:
    """Write what `by` did to `target`; call it inside the transaction of the act."""
    LogEntry.objects.create(
        act=act,
        by_id=by.pk,
        why=why,
        target_kind=target._meta.model_name or "",
        target_id=target.pk,
        target_name=name[:200],
        topic_id=topic_id,
    )
