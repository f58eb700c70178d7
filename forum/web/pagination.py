"""Numbered pages: which one is requested, and the links to the others."""

from dataclasses import dataclass

from django.http import HttpRequest

from core.web.request_values import InvalidPageNumber, NoSuchPage, is_number

MAX_DIGITS = 18  # a longer number is beyond the end of every list


def requested_page(request: HttpRequest, last: int) -> int:
    """Returns the page in `?page=`, by default 1. Raises 400 if it is not a number, 404 if the list has no such page.
    Both responses link to the existing pages, so check first that the person can see the list."""
    number = request.GET.get("page", "1")
    if not is_number(number, digits=len(number)):
        raise InvalidPageNumber(max(last, 1))
    if len(number) > MAX_DIGITS or not 1 <= int(number) <= max(last, 1):
        raise NoSuchPage(max(last, 1))
    return int(number)


@dataclass(frozen=True)
class Pages:
    number: int
    last: int

    @property
    def links(self) -> list[int | None]:
        """Returns the first, the last and those around this one; None where several are left out."""
        shown = {1, self.last, *range(self.number - 1, self.number + 2)}
        if self.number <= 3:
            shown |= {2, 3}
        links: list[int | None] = []
        for page in sorted(page for page in shown if 1 <= page <= self.last):
            skipped = page - (links[-1] or 0) - 1 if links else 0
            if skipped:
                links.append(None if skipped > 1 else page - 1)
            links.append(page)
        return links

    @property
    def query(self) -> str:
        """Returns the query string of this page’s canonical URL."""
        return f"?page={self.number}" if self.number > 1 else ""

    @property
    def has_many(self) -> bool:
        """Whether some pages have no link, so that a page number can be entered."""
        return None in self.links

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None
