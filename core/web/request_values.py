"""Checks of values in URLs, forms and headers."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest


class InvalidPageNumber(BadRequest):
    """The page in the URL is not a number. `last` is the last page; None in a list without page numbers."""

    def __init__(self, last: int | None = None) -> None:
        super().__init__("invalid page")
        self.last = last


class NoSuchPage(Http404):
    """The list has no page of this number, and the reader may see the list."""

    def __init__(self, last: int) -> None:
        super().__init__("missing page")
        self.last = last


# Set by config/server/django_threads.py on requests that would wait too long. It cannot be set by a header.
OVERLOADED = "belfry.no_room"


def is_number(value: str, *, digits: int) -> bool:
    """Is it a whole number of at most so many ASCII digits? (`int` accepts more than that.)"""
    return value.isascii() and value.isdigit() and len(value) <= digits


def is_not_prefetch(request: HttpRequest) -> bool:
    """Is the page requested by a person, and not prefetched by a browser?"""
    headers = [request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")]
    return not any(word in " ".join(headers).lower() for word in ("prefetch", "prerender", "preview"))


def wants_json(request: HttpRequest) -> bool:
    """Does a script request JSON?"""
    return request.headers.get("Accept") == "application/json"


def is_overloaded(request: HttpRequest) -> bool:
    """Are too many such requests being processed, so that this one should be rejected?"""
    return bool(request.META.get(OVERLOADED))
