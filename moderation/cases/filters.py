"""Which cases the desk shows: by state, section, reason, age, whose they are, and words of what was reported."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from core.text.name_keys import name_key
from core.web.request_values import is_number
from moderation.cases.pending import is_pending_for
from moderation.models import Report
from moderation.models.case import CaseQuerySet
from moderation.reports.search_index import words_say

STATES = {
    "waiting": "Pending",
    "open": "Unclaimed",
    "claimed": "Claimed",
    "appealed": "Appeals",
    "settled": "Settled",
    "all": "All",
}
AGES = {"1": "an hour", "24": "a day", "72": "three days", "168": "a week"}  # hours


@dataclass(frozen=True)
class Narrowing:
    """What was asked for, as the address says it. What makes no sense is not there."""

    state: str = "waiting"
    section: str = ""
    reason: str = ""
    age: str = ""  # at least so many hours old
    mine: str = ""
    member: str = ""  # whose posts
    q: str = ""

    @classmethod
    def of(cls, said: QueryDict, *, state: str = "waiting") -> "Narrowing":
        asked = {field.name: said.get(field.name, "").strip()[:200] for field in fields(cls)}
        if asked["state"] not in STATES:
            asked["state"] = state
        if not is_number(asked["section"], digits=18):
            asked["section"] = ""
        if asked["reason"] not in Report.Reason.values:
            asked["reason"] = ""
        if asked["age"] not in AGES:
            asked["age"] = ""
        return cls(**asked)

    @property
    def is_newest_first(self) -> bool:
        """What waits is shown longest waiting first."""
        return self.state in ("settled", "all")

    @property
    def is_any(self) -> bool:
        return self != Narrowing(state=self.state)

    @property
    def query(self) -> str:
        """For the address of the next page."""
        said: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The states of the unsettled, for links that keep the other filters: words, query, is it this one?"""
        return [
            (words, replace(self, state=state).query, state == self.state)
            for state, words in STATES.items()
            if state != "settled"  # has a page of its own
        ]

    def of_cases(self, cases: CaseQuerySet, person: User) -> CaseQuerySet:
        cases = _in_state(cases, self.state, person)
        if self.section:
            cases = cases.filter(post__topic__section=int(self.section))
        if self.reason:
            cases = cases.filter(Exists(Report.objects.filter(case=OuterRef("pk"), reason=self.reason)))
        if self.age:
            cases = cases.filter(opened_at__lt=timezone.now() - timedelta(hours=int(self.age)))
        if self.mine:
            cases = cases.filter(
                Q(claimed_by=person, claimed_until__gt=timezone.now()) | Q(settled_by=person)
            )
        if self.member:
            key = name_key(self.member)
            named = User.objects.filter(Q(name_key=key) | Q(former_names__name_key=key))
            cases = cases.filter(author__in=list(named.values_list("pk", flat=True)))
        return cases.filter(words_say(self.q)) if self.q else cases


def _in_state(cases: CaseQuerySet, state: str, person: User) -> CaseQuerySet:
    now = timezone.now()
    match state:
        case "waiting":
            return cases.filter(is_pending_for(person))
        case "open":
            return cases.open().filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
        case "claimed":
            return cases.open().filter(claimed_until__gt=now)
        case "appealed":
            return cases.appealed()
        case "settled":
            return cases.settled()
    return cases
