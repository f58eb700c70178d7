"""How long people wait for the moderators: the middle of the last thirty days, so that one case that lay for a month
does not hide how all others went."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, F, Min
from django.utils import timezone

from accounts.models import User
from moderation.models import Appeal, Case

LATELY = timedelta(days=30)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Waiting:
    """What the desk says of it. None where nothing was done in that time."""

    settled: int
    to_first_look: timedelta | None
    to_decision: timedelta | None
    to_appeal: timedelta | None  # from an appeal to what was decided
    oldest: datetime | None  # since when the case waits that waits longest


def waiting(person: User) -> Waiting:
    """Of the cases that this member of staff may see."""
    since = timezone.now() - LATELY
    cases = Case.objects.visible_to(person)
    settled = cases.filter(settled_at__gt=since).aggregate(
        number=Count("pk"),
        to_first_look=Median(F("first_looked_at") - F("opened_at")),
        to_decision=Median(F("settled_at") - F("opened_at")),
    )
    decided = Appeal.objects.filter(decided_at__gt=since, case__in=cases.values("pk"))
    return Waiting(
        settled=settled["number"],
        to_first_look=settled["to_first_look"],
        to_decision=settled["to_decision"],
        to_appeal=decided.aggregate(took=Median(F("decided_at") - F("made_at")))["took"],
        oldest=cases.open().aggregate(since=Min("opened_at"))["since"],
    )
