"""Events in a case, such as claims, notes and messages. Reports, the outcome and the appeal have rows of their
own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import COMMENT_MAX
from moderation.models.case import Case
from moderation.models.report import Report


class CaseEventQuerySet(models.QuerySet["CaseEvent"]):
    def messages(self) -> "CaseEventQuerySet":
        """Returns the messages between staff and reporters, the only events that a reporter can see."""
        return self.filter(kind__in=[CaseEvent.Kind.TO_REPORTER, CaseEvent.Kind.FROM_REPORTER])


class CaseEvent(models.Model):
    class Kind(models.TextChoices):
        CLAIMED = "claimed", _("Case claimed")
        TAKEN_OVER = "taken_over", _("Case taken over")
        RELEASED = "released", _("Case released")
        AUTO_HIDDEN = "held", _("Post hidden automatically")
        NOTE = "note", _("Staff note")
        TO_REPORTER = "to_reporter", _("Message to the reporter")
        FROM_REPORTER = "from_reporter", _("Reply from the reporter")
        REVEALED = "unmasked", _("Reporter revealed")
        MUTED = "muted", _("Reporter muted")
        UNMUTED = "unmuted", _("Reporter unmuted")

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    # None for automatic events and for replies of a reporter, who is identified by `report` only.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="events")
    text = models.CharField(max_length=COMMENT_MAX, blank=True)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(kind__in=["held", "from_reporter"]),
                name="what_staff_do_in_a_case_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=False)
                | ~Q(kind__in=["to_reporter", "from_reporter", "unmasked", "muted", "unmuted"]),
                name="what_is_about_a_reporter_says_which",
            ),
            models.UniqueConstraint(
                fields=["report", "by"], condition=Q(kind="unmasked"), name="one_look_per_reporter_and_person"
            ),
        ]
        indexes = [models.Index(fields=["case", "id"], name="events_of_a_case")]
