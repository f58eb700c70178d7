"""Pages of long lists by the last row one saw: each costs the same, however far down, and none skips or repeats
a row because another came or went meanwhile."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.web.request_values import NoPageNumber, is_number

ROWS_PER_PAGE = 30
WHERE = ("before", "after")  # what a list's address says of its page


@dataclass(frozen=True)
class RowsPage:
    rows: list[Any]
    last_id: int | None  # where the next page goes on; None on the last page
    is_first: bool


def newest_first(rows: QuerySet, *, before: int | None, size: int | None = None) -> RowsPage:
    rest = rows if before is None else rows.filter(pk__lt=before)
    return _page(rest.order_by("-pk"), size or ROWS_PER_PAGE, is_first=before is None)


def oldest_first(rows: QuerySet, *, after: int | None) -> RowsPage:
    rest = rows if after is None else rows.filter(pk__gt=after)
    return _page(rest.order_by("pk"), ROWS_PER_PAGE, is_first=after is None)


def asked_id(request: HttpRequest, name: str) -> int | None:
    """The id in the query, None without one; 400 if it is no number, with a way to the list's beginning."""
    said = request.GET.get(name)
    if said is None:
        return None
    if not is_number(said, digits=18):
        raise NoPageNumber() if name in WHERE else BadRequest(f"{name} is not a number")
    return int(said)


def _page(rows: QuerySet, size: int, *, is_first: bool) -> RowsPage:
    found = list(rows[: size + 1])
    shown = found[:size]
    return RowsPage(shown, shown[-1].pk if len(found) > size else None, is_first)


@dataclass(frozen=True)
class Order:
    """By a column, and rows that are equal there by their number."""

    field: str
    is_down: bool = False


def ordered(rows: QuerySet, order: Order, *, after: int | None, size: int | None = None) -> RowsPage:
    """What comes after the row with this number; from the beginning where it is gone meanwhile."""
    way, further = ("-", "lt") if order.is_down else ("", "gt")
    rest = rows.order_by(f"{way}{order.field}", f"{way}pk")
    last = None
    if after is not None:
        last = rows.model._default_manager.filter(pk=after).values_list(order.field, flat=True).first()
    if last is not None:
        beyond = Q(**{f"{order.field}__{further}": last}) | Q(**{f"pk__{further}": after})
        rest = rest.filter(beyond, **{f"{order.field}__{further}e": last})
    return _page(rest, size or ROWS_PER_PAGE, is_first=last is None)
