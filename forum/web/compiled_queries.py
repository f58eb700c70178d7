"""Queries of every page that Django compiles once in each process: compiling them takes longer than running them.
Access rules stay in the querysets."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person, is_member

# Placeholders in a compiled query for ids that differ between runs; real ids are never negative.
MEMBER, TOPIC = -1, -2


@dataclass(frozen=True)
class CompiledPerson:
    """A stand-in for all persons for whom a queryset compiles to the same SQL."""

    is_authenticated: bool  # and can use their account
    is_staff: bool
    moderates: tuple[int, ...] | None
    pk: int = MEMBER
    is_active = True
    is_suspended = False

    @property
    def is_limited(self) -> bool:
        return self.moderates is not None


Compose = Callable[[Any], QuerySet[Any]]


def sql_for(person: Person, compose: Compose, **ids: int | None) -> tuple[str, list[Any]]:
    """Returns the SQL and the parameters of `compose(person)`. `compose` is called once for each kind of person."""
    # Moderators of some sections get a query of their own: they are few, and their sections seldom change.
    moderates = tuple(person.moderates or ()) if is_member(person) and person.is_limited else None
    sql, params = _compiled(compose, is_member(person), bool(person.is_staff), moderates)
    values = {MEMBER: person.pk, TOPIC: ids.get("topic")}
    return sql, [values.get(param, param) if type(param) is int else param for param in params]


@cache
def _compiled(
    compose: Compose, is_authenticated: bool, is_staff: bool, moderates: tuple[int, ...] | None
) -> tuple[str, tuple[Any, ...]]:
    return compose(CompiledPerson(is_authenticated, is_staff, moderates)).query.sql_with_params()
