"""The community rules. A version is never changed: admins publish a new one, and earlier ones stay readable, since
members accepted them and moderators based decisions on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

RULE_TITLE_MAX = 100
RULE_TEXT_MAX = 2_000
RULES_NOTE_MAX = 200


class RulesVersionQuerySet(models.QuerySet["RulesVersion"]):
    def current(self) -> "RulesVersion | None":
        """Returns the current version, or None if there is none."""
        return self.order_by("-number").first()

    def to_accept(self) -> "RulesVersion | None":
        """Returns the version that new members must accept; None if the current version has no rules."""
        current = self.current()
        return current if current and current.rules.exists() else None


class RulesVersion(models.Model):
    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    # None for the default rules.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=RULES_NOTE_MAX, blank=True)  # what changed

    objects = RulesVersionQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("rules_version", args=[self.number])


class RuleQuerySet(models.QuerySet["Rule"]):
    def current(self) -> "RuleQuerySet":
        """Returns the current rules in order."""
        newest = RulesVersion.objects.order_by("-number").values("pk")[:1]
        return self.filter(version=newest).order_by("number")


class Rule(models.Model):
    version = models.ForeignKey(RulesVersion, models.PROTECT, related_name="rules")
    number = models.PositiveSmallIntegerField()
    # Identifies a rule across versions, in which its number and words may differ.
    key = models.PositiveIntegerField()
    title = models.CharField(max_length=RULE_TITLE_MAX)
    text = models.CharField(max_length=RULE_TEXT_MAX, blank=True)
    html = models.TextField(blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="one_rule_per_version_and_number"),
            models.UniqueConstraint(fields=["version", "key"], name="a_rule_stands_once_in_a_version"),
            models.CheckConstraint(condition=~Q(title=""), name="rule_has_a_title"),
        ]
        indexes = [models.Index(fields=["key"], name="rule_through_versions")]

    def get_absolute_url(self) -> str:
        """Returns a permanent link, to the rule in its own version."""
        return f"{self.version.get_absolute_url()}#rule-{self.number}"

    def __str__(self) -> str:
        """Returns number and title, for references and choices in forms."""
        return f"{self.number}. {self.title}"
