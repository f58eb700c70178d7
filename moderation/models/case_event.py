"""What happened in a case, in its order, beside its reports, its settlement and its appeal, which have rows of their
own: who took it, what was said, what was looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from forum.models.limits import COMMENT_MAX
from moderation.models.case import Case
from moderation.models.report import Report


class CaseEventQuerySet(models.QuerySet["CaseEvent"]):
    def talk(self) -> "CaseEventQuerySet":
        """What staff and a reporter wrote to one another; all that a reporter may see of a case's events."""
        return self.filter(kind__in=[CaseEvent.Kind.TO_REPORTER, CaseEvent.Kind.FROM_REPORTER])


class CaseEvent(models.Model):
    class Kind(models.TextChoices):
        CLAIMED = "claimed", "took the case"
        TAKEN_OVER = "taken_over", "took the case over"
        RELEASED = "released", "gave the case back"
        HELD = "held", "the post was hidden until somebody has looked"
        NOTE = "note", "left a note for staff"
        TO_REPORTER = "to_reporter", "wrote to the reporter"
        FROM_REPORTER = "from_reporter", "the reporter answered"
        UNMASKED = "unmasked", "looked up who the reporter is"
        MUTED = "muted", "muted the reporter"
        UNMUTED = "unmuted", "lifted the mute of the reporter"

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    # Nobody, where a rule did it; and the reporter is never here: `report` says whose talk it is.
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
