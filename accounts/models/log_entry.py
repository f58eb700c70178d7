"""Entries of the audit log."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.rules import Rule

REASON_MAX = 200


class LogEntry(models.Model):
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    act = models.CharField(max_length=30)
    why = models.CharField(max_length=REASON_MAX, blank=True)
    target_kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    target_name = models.CharField(max_length=200, blank=True)  # its name at that time
    # Where it happened, and the member concerned: the target, or its author.
    topic_id = models.BigIntegerField(null=True)
    section_id = models.BigIntegerField(null=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    # The values before and after, as undo needs them.
    facts = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        # One for each filter of the log, in its order.
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest_first"),
            models.Index(fields=["act", "-at", "-id"], name="log_by_act"),
            models.Index(fields=["by", "-at", "-id"], name="log_by_actor"),
            models.Index(
                fields=["topic_id", "-at", "-id"],
                name="log_by_topic",
                condition=models.Q(topic_id__isnull=False),
            ),
            models.Index(
                fields=["section_id", "-at", "-id"],
                name="log_by_section",
                condition=models.Q(section_id__isnull=False),
            ),
            models.Index(
                fields=["member", "-at", "-id"],
                name="log_by_member",
                condition=models.Q(member__isnull=False),
            ),
            models.Index(
                fields=["rule", "-at", "-id"], name="log_by_rule", condition=models.Q(rule__isnull=False)
            ),
            models.Index(fields=["target_kind", "target_id"], name="log_by_target"),
        ]
