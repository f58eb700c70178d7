"""Filters of the moderation queue: state, section, reason, age, author and keywords of the reported text."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy

from accounts.models import User
from core.text.name_keys import name_key
from core.web.request_values import is_number
from moderation.cases.pending import is_pending_for
from moderation.models import Report
from moderation.models.case import CaseQuerySet
from moderation.reports.search_index import matching_words

STATES = {
    "waiting": pgettext_lazy("cases", "Open"),
    "open": pgettext_lazy("cases", "Unclaimed"),
    "claimed": pgettext_lazy("cases", "Claimed"),
    "appealed": _("Appeals"),
    "settled": pgettext_lazy("cases", "Resolved"),
    "all": pgettext_lazy("cases", "All"),
}
HEADINGS = {
    "waiting": _("Open cases and appeals, oldest first"),
    "open": _("Unclaimed cases, oldest first"),
    "claimed": _("Claimed cases"),
    "appealed": _("Appeals to decide"),
    "settled": _("Resolved cases, newest first"),
    "all": _("All cases, newest first"),
}
EMPTY_MESSAGES = {
    "appealed": _("No appeals to decide."),
    "settled": _("No resolved cases yet."),
}
NOTHING_PENDING = _("No open cases. Reported posts and appeals appear here.")
AGES = {"1": _("1 hour"), "24": _("1 day"), "72": _("3 days"), "168": _("1 week")}  # hours


@dataclass(frozen=True)
class CaseFilters:
    """The filters in the query string. Invalid values are left out."""

    state: str = "waiting"
    section: str = ""
    reason: str = ""
    age: str = ""  # minimum age in hours
    mine: str = ""
    member: str = ""  # the author
    q: str = ""

    @classmethod
    def of(cls, params: QueryDict, *, state: str = "waiting") -> "CaseFilters":
        values = {field.name: params.get(field.name, "").strip()[:200] for field in fields(cls)}
        if values["state"] not in STATES:
            values["state"] = state
        if not is_number(values["section"], digits=18):
            values["section"] = ""
        if values["reason"] not in Report.Reason.values:
            values["reason"] = ""
        if values["age"] not in AGES:
            values["age"] = ""
        return cls(**values)

    @property
    def is_newest_first(self) -> bool:
        """Whether the newest cases come first; open ones are shown oldest first."""
        return self.state in ("settled", "all")

    @property
    def heading(self) -> str:
        return str(HEADINGS[self.state])

    @property
    def next_page(self) -> str:
        """Returns the label of the link to the next page."""
        return gettext("Earlier cases") if self.is_newest_first else gettext("Later cases")

    def empty_message(self, *, is_first_page: bool) -> str:
        """Returns the message of a page without cases."""
        if self.is_any:
            return gettext("No cases match these filters.")
        if is_first_page:
            return str(EMPTY_MESSAGES.get(self.state, NOTHING_PENDING))
        return gettext("No earlier cases.") if self.is_newest_first else gettext("No later cases.")

    @property
    def is_any(self) -> bool:
        return self != CaseFilters(state=self.state)

    @property
    def query(self) -> str:
        """Returns the query string for the next page."""
        values: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """Returns the states for links that keep the other filters: label, query string, whether it is selected."""
        return [
            (str(label), replace(self, state=state).query, state == self.state)
            for state, label in STATES.items()
            if state != "settled"  # has a page of its own
        ]

    def apply_to(self, cases: CaseQuerySet, person: User) -> CaseQuerySet:
        cases = _in_state(cases, self.state, person)
        if self.section:
            cases = cases.filter(post__topic__section=int(self.section))
        if self.reason:
            cases = cases.filter(Exists(Report.objects.filter(case=OuterRef("pk"), reason=self.reason)))
        if self.age:
            cases = cases.filter(opened_at__lt=timezone.now() - timedelta(hours=int(self.age)))
        if self.mine:
            cases = cases.filter(
                Q(claimed_by=person, claimed_until__gt=timezone.now()) | Q(resolved_by=person)
            )
        if self.member:
            key = name_key(self.member)
            authors = User.objects.filter(Q(name_key=key) | Q(former_names__name_key=key))
            cases = cases.filter(author__in=list(authors.values_list("pk", flat=True)))
        return cases.filter(matching_words(self.q)) if self.q else cases


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
