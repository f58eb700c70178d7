"""A word or phrase that a text is not let in with, or only after somebody has looked."""

from django.conf import settings
from django.db import models
from django.utils import timezone

WORDS_MAX = 100
RULES_MAX = 1_000


class WordRule(models.Model):
    class Act(models.TextChoices):
        HOLD = "hold", "Hold: the text waits until staff let it in"
        REFUSE = "refuse", "Refuse: the writer is told, and can change the text"
        FLAG = "flag", "Flag: the text is posted, and staff are told"

    words = models.CharField(max_length=WORDS_MAX)
    key = models.CharField(
        max_length=4 * WORDS_MAX, unique=True
    )  # as it is looked for: forum/antispam/normalize.py
    act = models.CharField(max_length=10, choices=Act, default=Act.HOLD)
    # Also where its letters stand inside other words, or apart from one another.
    is_anywhere = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(key=""), name="word_rule_looks_for_something"),
        ]

    def __str__(self) -> str:
        return self.words
