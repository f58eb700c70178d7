"""A watched word or phrase, and what happens to posts that contain it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WORDS_MAX = 100
RULES_MAX = 1_000


class WatchedWord(models.Model):
    class Act(models.TextChoices):
        HOLD = "hold", _("Require approval: a moderator reviews the post first")
        REFUSE = "refuse", _("Reject: the author can change the text and try again")
        FLAG = "flag", _("Flag: the post is published and staff are notified")

    words = models.CharField(max_length=WORDS_MAX)
    # The normalized form that is searched for: forum/antispam/look_alikes.py.
    key = models.CharField(max_length=4 * WORDS_MAX, unique=True)
    act = models.CharField(max_length=10, choices=Act, default=Act.HOLD)
    # Also matches inside other words, and with other characters between its letters.
    is_anywhere = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(key=""), name="word_rule_looks_for_something"),
        ]

    @property
    def short_action(self) -> str:
        return str(IN_SHORT[self.Act(self.act)])

    def __str__(self) -> str:
        return self.words


IN_SHORT = {
    WatchedWord.Act.HOLD: _("Hold"),
    WatchedWord.Act.REFUSE: _("Reject"),
    WatchedWord.Act.FLAG: _("Flag"),
}
