"""Queries of every page, composed by Django once a process and run many times after: composing takes it longer than
running them takes the database. Who may see what is still said by the querysets alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person

# Stand in a composed query for what differs from run to run; no id is negative.
MEMBER, TOPIC = -1, -2


@dataclass(frozen=True)
class Somebody:
    """A person of whom a queryset asks no more than this."""

    is_authenticated: bool
    is_staff: bool
    pk: int = MEMBER


Compose = Callable[[Any], QuerySet[Any]]


def sql_for(person: Person, compose: Compose, **said: int | None) -> tuple[str, list[Any]]:
    """The SQL of `compose(person)`, and its parameters. `compose` is called once for each kind of person."""
    sql, params = _composed(compose, bool(person.is_authenticated), bool(person.is_staff))
    stands_for = {MEMBER: person.pk, TOPIC: said.get("topic")}
    return sql, [stands_for.get(param, param) if type(param) is int else param for param in params]


@cache
def _composed(compose: Compose, is_authenticated: bool, is_staff: bool) -> tuple[str, tuple[Any, ...]]:
    return compose(Somebody(is_authenticated, is_staff)).query.sql_with_params()
