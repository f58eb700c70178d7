"""The community's rules, numbered. They are never changed: admins make a new version, and the earlier stay to be read,
since somebody accepted them and something was decided by them."""

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
        """The one that holds now; None in a community without rules."""
        return self.order_by("-number").first()

    def to_accept(self) -> "RulesVersion | None":
        """What whoever joins has to accept; nothing where the current version holds no rule."""
        current = self.current()
        return current if current and current.rules.exists() else None


class RulesVersion(models.Model):
    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    # Nobody made the first: it came with Belfry.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=RULES_NOTE_MAX, blank=True)  # what is different, in words

    objects = RulesVersionQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("rules_version", args=[self.number])


class RuleQuerySet(models.QuerySet["Rule"]):
    def current(self) -> "RuleQuerySet":
        """The rules that hold now, in their order."""
        newest = RulesVersion.objects.order_by("-number").values("pk")[:1]
        return self.filter(version=newest).order_by("number")


class Rule(models.Model):
    version = models.ForeignKey(RulesVersion, models.PROTECT, related_name="rules")
    number = models.PositiveSmallIntegerField()
    # The same through the versions, whatever its number and words in each.
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
        """In its own version, for good."""
        return f"{self.version.get_absolute_url()}#rule-{self.number}"

    def __str__(self) -> str:
        """As it is cited, and stands in the lists of forms."""
        return f"{self.number}. {self.title}"
