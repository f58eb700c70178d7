"""Which URLs of the table belong to one view, and what a view reads of a request.

Some checks have the same result at all URLs of a view (a missing token, a field that is too long), or for fields that
a view never reads: those are made once.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.http import QueryDict
from django.urls import resolve

from tests.site.expectations import Expectation

KEYS = {"picture", "hidden_picture", "removed_picture", "unused", "face"}
# How far a response gets into its view.
FARTHEST = ("done", "204", "told", "200", "422", "302", "409", "403")


class _Anything(dict):
    def __missing__(self, name: str) -> str:
        return "7" * 32 if name in KEYS else "7"


def route_of(expected: Expectation) -> str:
    return resolve(expected.address.format_map(_Anything())).route


def one_a_view(
    expectations: Iterable[Expectation], how_far: Callable[[Expectation], int] = lambda expected: 0
) -> list[Expectation]:
    """Returns, for each view, the URL that gets farthest into it; the first of these."""
    found: dict[str, Expectation] = {}
    for expected in sorted(expectations, key=how_far):
        found.setdefault(route_of(expected), expected)
    return list(found.values())


def how_far_a_get(expected: Expectation) -> int:
    return _place(expected.get["admin"])


def how_far_a_post(expected: Expectation) -> int:
    return min(_place(answer) for answer in expected.post.values())


def role_to_post(expected: Expectation) -> str:
    """Returns the role that gets farthest with a POST."""
    return min(("admin", "author", "member", "guest"), key=lambda role: _place(expected.post[role]))


def _place(answer: str) -> int:
    return FARTHEST.index(answer) if answer in FARTHEST else len(FARTHEST)


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are read of a request's query and of its form; all of them, where a view reads without a name."""
    names: set[str] = set()

    class Noted(QueryDict):
        is_made = False

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.is_made = True

        def note(self, *read: str) -> None:
            if self.is_made:
                names.update(read)

        def __getitem__(self, name: str) -> Any:
            self.note(name)
            return super().__getitem__(name)

        def getlist(self, name: str, default: Any = None) -> Any:
            self.note(name)
            return super().getlist(name, default)

        def __contains__(self, name: object) -> bool:
            self.note(str(name))
            return super().__contains__(name)

        def __iter__(self) -> Any:
            self.note(*self.keys())
            return super().__iter__()

        def items(self) -> Any:
            self.note(*self.keys())
            return super().items()

        def lists(self) -> Any:
            self.note(*self.keys())
            return super().lists()

    with patch("django.http.request.QueryDict", Noted), patch("django.core.handlers.wsgi.QueryDict", Noted):
        yield names
