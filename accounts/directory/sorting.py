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
WORDS = {
    "": _("Newest first"),
    "joined": _("Oldest first"),
    "name": _("Username, A to Z"),
    "-name": _("Username, Z to A"),
}
OTHER_WAY = {"name": {"name": "-name"}, "joined": {"": "joined"}}
FIRST_WAY = {"name": "name", "joined": ""}


@dataclass(frozen=True)
class Heading:
    """The heading of a column: the query that sorts by it, and its aria-sort value (may be empty)."""

    query: str
    sorts_now: str


@dataclass(frozen=True)
class Sorting:
    said: str
    kept: dict[str, str]  # the other parameters of the URL

    @property
    def order(self) -> Order:
        return ORDERS[self.said]

    @property
    def words(self) -> str | Promise:
        return WORDS[self.said]

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        return list(WORDS.items())

    @property
    def name(self) -> Heading:
        return self._heading("name", "sort_key")

    @property
    def joined(self) -> Heading:
        return self._heading("joined", "joined_at")

    def onward(self, last: int) -> str:
        """Returns the query of the next page."""
        return self._query(sort=self.said, before=str(last))

    def _heading(self, column: str, field: str) -> Heading:
        query = self._query(sort=OTHER_WAY[column].get(self.said, FIRST_WAY[column]))
        now = "descending" if self.order.is_down else "ascending"
        return Heading(query, now if self.order.field == field else "")

    def _query(self, **said: str) -> str:
        return f"?{urlencode({name: value for name, value in {**self.kept, **said}.items() if value})}"


def asked(request: HttpRequest, **kept: str) -> Sorting:
    said = request.GET.get("sort", "")
    return Sorting(said if said in ORDERS else "", kept)
