"""The order of lists of members, chosen with `?sort=`: by name or date of joining, ascending or descending."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.web.keyset_pagination import Order

ORDERS = {
    "": Order("joined_at", is_down=True),
    "joined": Order("joined_at"),
    "name": Order("sort_key"),
    "-name": Order("sort_key", is_down=True),
}
LABELS = {
    "": _("Newest first"),
    "joined": _("Oldest first"),
    "name": _("Username, A to Z"),
    "-name": _("Username, Z to A"),
}
REVERSED = {"name": {"name": "-name"}, "joined": {"": "joined"}}
FIRST_SORT = {"name": "name", "joined": ""}


@dataclass(frozen=True)
class ColumnHeading:
    """The heading of a column: the query that sorts by it, and its aria-sort value (may be empty)."""

    query: str
    aria_sort: str


@dataclass(frozen=True)
class Sorting:
    sort: str
    params: dict[str, str]  # the other parameters of the URL

    @property
    def order(self) -> Order:
        return ORDERS[self.sort]

    @property
    def label(self) -> str | Promise:
        return LABELS[self.sort]

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        return list(LABELS.items())

    @property
    def name(self) -> ColumnHeading:
        return self._heading("name", "sort_key")

    @property
    def joined(self) -> ColumnHeading:
        return self._heading("joined", "joined_at")

    def onward(self, last: int) -> str:
        """Returns the query of the next page."""
        return self._query(sort=self.sort, before=str(last))

    def _heading(self, column: str, field: str) -> ColumnHeading:
        query = self._query(sort=REVERSED[column].get(self.sort, FIRST_SORT[column]))
        direction = "descending" if self.order.is_down else "ascending"
        return ColumnHeading(query, direction if self.order.field == field else "")

    def _query(self, **changes: str) -> str:
        return f"?{urlencode({name: value for name, value in {**self.params, **changes}.items() if value})}"


def sorting_of(request: HttpRequest, **params: str) -> Sorting:
    sort = request.GET.get("sort", "")
    return Sorting(sort if sort in ORDERS else "", params)
