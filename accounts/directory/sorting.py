"""Lists of members in the order that whoever reads them asks for: `?sort=` name or joined, either way round."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from core.web.keyset_pagination import Order

ORDERS = {
    "": Order("joined_at", is_down=True),
    "joined": Order("joined_at"),
    "name": Order("sort_key"),
    "-name": Order("sort_key", is_down=True),
}
WORDS = {"": "Newest first", "joined": "Oldest first", "name": "By name", "-name": "By name, from the end"}
OTHER_WAY = {"name": {"name": "-name"}, "joined": {"": "joined"}}
FIRST_WAY = {"name": "name", "joined": ""}


@dataclass(frozen=True)
class Heading:
    """Of a column: what it sorts by when it is clicked, and how it sorts now (as aria-sort says it)."""

    query: str
    sorts_now: str


@dataclass(frozen=True)
class Sorting:
    said: str
    kept: dict[str, str]  # what else the address says

    @property
    def order(self) -> Order:
        return ORDERS[self.said]

    @property
    def words(self) -> str:
        return WORDS[self.said]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(WORDS.items())

    @property
    def name(self) -> Heading:
        return self._heading("name", "sort_key")

    @property
    def joined(self) -> Heading:
        return self._heading("joined", "joined_at")

    def onward(self, last: int) -> str:
        """The query of the next page."""
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
