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

HEX_KEYS = {"picture", "hidden_picture", "removed_picture", "unused", "face"}
# How far a response gets into its view.
PROGRESS_ORDER = ("done", "204", "told", "200", "422", "302", "409", "403")


class _AnyValue(dict):
    def __missing__(self, name: str) -> str:
        return "7" * 32 if name in HEX_KEYS else "7"


def route_of(expected: Expectation) -> str:
    return resolve(expected.address.format_map(_AnyValue())).route


def one_per_view(
    expectations: Iterable[Expectation], progress: Callable[[Expectation], int] = lambda expected: 0
) -> list[Expectation]:
    """Returns, for each view, the URL that gets farthest into it; the first of these."""
    found: dict[str, Expectation] = {}
    for expected in sorted(expectations, key=progress):
        found.setdefault(route_of(expected), expected)
    return list(found.values())


def get_progress(expected: Expectation) -> int:
    return _position(expected.get["admin"])


def post_progress(expected: Expectation) -> int:
    return min(_position(answer) for answer in expected.post.values())


def role_for_post(expected: Expectation) -> str:
    """Returns the role that gets farthest with a POST."""
    return min(("admin", "author", "member", "guest"), key=lambda role: _position(expected.post[role]))


def _position(answer: str) -> int:
    return PROGRESS_ORDER.index(answer) if answer in PROGRESS_ORDER else len(PROGRESS_ORDER)


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are read of a request's query and of its form; all of them, where a view reads without a name."""
    names: set[str] = set()

    class RecordingQueryDict(QueryDict):
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

    with (
        patch("django.http.request.QueryDict", RecordingQueryDict),
        patch("django.core.handlers.wsgi.QueryDict", RecordingQueryDict),
    ):
        yield names
