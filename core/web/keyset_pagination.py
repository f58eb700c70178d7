"""Keyset pagination: each page begins after the last row of the one before. Every page costs the same, and no row is
skipped or repeated when others are added or removed in between."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.web.request_values import InvalidPageNumber, is_number
from core.web.times import from_microseconds, to_microseconds

ROWS_PER_PAGE = 30
PAGE_PARAMETERS = ("before", "after")  # query parameters that name the page of a list


@dataclass(frozen=True)
class RowsPage:
    rows: list[Any]
    last_id: int | None  # where the next page begins; None on the last page
    is_first: bool


def newest_first(rows: QuerySet, *, before: int | None, size: int | None = None) -> RowsPage:
    rest = rows if before is None else rows.filter(pk__lt=before)
    return _page(rest.order_by("-pk"), size or ROWS_PER_PAGE, is_first=before is None)


def oldest_first(rows: QuerySet, *, after: int | None) -> RowsPage:
    rest = rows if after is None else rows.filter(pk__gt=after)
    return _page(rest.order_by("pk"), ROWS_PER_PAGE, is_first=after is None)


def id_in_query(request: HttpRequest, name: str) -> int | None:
    """Returns the id in the query, or None. An invalid number gives a 400 with a link to the first page."""
    value = request.GET.get(name)
    if value is None:
        return None
    if not is_number(value, digits=18):
        raise InvalidPageNumber() if name in PAGE_PARAMETERS else BadRequest(f"{name} is not a number")
    return int(value)


def row_key(at: datetime, pk: int) -> str:
    """Returns the place of a row in a list by time, for a URL."""
    return f"{to_microseconds(at)}-{pk}"


def row_in_query(request: HttpRequest, name: str) -> tuple[datetime, int] | None:
    """Returns the time and id of the row in the query, or None. An invalid one gives a 400."""
    value = request.GET.get(name, "")
    if not value:
        return None
    number, _sep, pk = value.partition("-")
    at = from_microseconds(number)
    if at is None or not is_number(pk, digits=17):
        raise BadRequest(f"`{name}` must be a row of this list")
    return at, int(pk)


def _page(rows: QuerySet, size: int, *, is_first: bool) -> RowsPage:
    found = list(rows[: size + 1])
    shown = found[:size]
    return RowsPage(shown, shown[-1].pk if len(found) > size else None, is_first)


@dataclass(frozen=True)
class Order:
    """The order of a list: by a column, then by id."""

    field: str
    is_down: bool = False


def page_after(rows: QuerySet, order: Order, *, after: int | None, size: int | None = None) -> RowsPage:
    """Returns the page after the row with this id, or the first page if the row no longer exists."""
    sign, comparison = ("-", "lt") if order.is_down else ("", "gt")
    rest = rows.order_by(f"{sign}{order.field}", f"{sign}pk")
    last = None
    if after is not None:
        last = rows.model._default_manager.filter(pk=after).values_list(order.field, flat=True).first()
    if last is not None:
        beyond = Q(**{f"{order.field}__{comparison}": last}) | Q(**{f"pk__{comparison}": after})
        rest = rest.filter(beyond, **{f"{order.field}__{comparison}e": last})
    return _page(rest, size or ROWS_PER_PAGE, is_first=last is None)
