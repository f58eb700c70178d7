"""Queries of every page, composed by Django once a process and run many times after: composing takes it longer than
running them takes the database. Who may see what is still said by the querysets alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person, is_member

# Stand in a composed query for what differs from run to run; no id is negative.
MEMBER, TOPIC = -1, -2


@dataclass(frozen=True)
class Somebody:
    """A person of whom a queryset asks no more than this."""

    is_authenticated: bool  # and may use their account
    is_staff: bool
    moderates: tuple[int, ...] | None
    pk: int = MEMBER
    is_active = True
    is_suspended = False

    @property
    def is_limited(self) -> bool:
        return self.moderates is not None


Compose = Callable[[Any], QuerySet[Any]]


def sql_for(person: Person, compose: Compose, **said: int | None) -> tuple[str, list[Any]]:
    """The SQL of `compose(person)`, and its parameters. `compose` is called once for each kind of person."""
    # One limited to sections has a query of their own: few are, and their sections seldom change.
    moderates = tuple(person.moderates or ()) if is_member(person) and person.is_limited else None
    sql, params = _composed(compose, is_member(person), bool(person.is_staff), moderates)
    stands_for = {MEMBER: person.pk, TOPIC: said.get("topic")}
    return sql, [stands_for.get(param, param) if type(param) is int else param for param in params]


@cache
def _composed(
    compose: Compose, is_authenticated: bool, is_staff: bool, moderates: tuple[int, ...] | None
) -> tuple[str, tuple[Any, ...]]:
    return compose(Somebody(is_authenticated, is_staff, moderates)).query.sql_with_params()
