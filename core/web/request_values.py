"""What an address, a form or a header says, before anything is made of it."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest


class NoPageNumber(BadRequest):
    """What stands in the address is no number. `last` is the last page, None in a list without numbers."""

    def __init__(self, last: int | None = None) -> None:
        super().__init__("no number of a page")
        self.last = last


class NoSuchPage(Http404):
    """The list has no page of this number; who asked may see the list."""

    def __init__(self, last: int) -> None:
        super().__init__("no such page")
        self.last = last


# Set by the web server's side (config/server/django_threads.py) on what would have to wait too long; no header is
# called so.
NO_ROOM = "belfry.no_room"


def is_number(said: str, *, digits: int) -> bool:
    """A whole number of ASCII digits, and of no more than so many: what `int` takes besides, no id and no moment is."""
    return said.isascii() and said.isdigit() and len(said) <= digits


def by_a_person(request: HttpRequest) -> bool:
    """Somebody looks at the page. A browser that fetches it beforehand says so, and nobody may ever look."""
    said = [request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")]
    return not any(word in " ".join(said).lower() for word in ("prefetch", "prerender", "preview"))


def wants_json(request: HttpRequest) -> bool:
    """A script asks, which shows the answer itself."""
    return request.headers.get("Accept") == "application/json"


def has_no_room(request: HttpRequest) -> bool:
    """Too many such requests are being worked on: answer without doing the work."""
    return bool(request.META.get(NO_ROOM))
