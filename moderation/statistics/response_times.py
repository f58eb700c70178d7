"""Median response times of moderators in the last 30 days. Medians, so that one slow case does not hide how fast the
others were."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, F, Min
from django.utils import timezone

from accounts.models import User
from moderation.models import Appeal, Case

PERIOD = timedelta(days=30)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class ResponseTimes:
    """The response times on the moderation queue; None if nothing was done in that time."""

    settled: int
    to_first_response: timedelta | None
    to_resolution: timedelta | None
    to_appeal: timedelta | None  # from an appeal to its decision
    oldest: datetime | None  # when the oldest open case was opened


def response_times_for(person: User) -> ResponseTimes:
    """Returns the response times for the cases that this person can see."""
    since = timezone.now() - PERIOD
    cases = Case.objects.visible_to(person)
    settled = cases.filter(resolved_at__gt=since).aggregate(
        number=Count("pk"),
        to_first_response=Median(F("first_response_at") - F("opened_at")),
        to_resolution=Median(F("resolved_at") - F("opened_at")),
    )
    decided = Appeal.objects.filter(decided_at__gt=since, case__in=cases.values("pk"))
    return ResponseTimes(
        settled=settled["number"],
        to_first_response=settled["to_first_response"],
        to_resolution=settled["to_resolution"],
        to_appeal=decided.aggregate(median=Median(F("decided_at") - F("made_at")))["median"],
        oldest=cases.open().aggregate(since=Min("opened_at"))["since"],
    )
