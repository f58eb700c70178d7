"""Pending counts of a member of staff, for the header of every page that they see."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import Person, User
from forum.models import PendingPost
from moderation.cases.pending import appeals_for, open_cases_for

COUNTED_MAX = 99  # of each kind; higher counts are not needed
PERSON_PLACEHOLDER = -1  # placeholder in a compiled query for the id of the person; no id is negative


class PendingCounts(NamedTuple):
    cases: int  # open cases, and appeals that this person can decide
    texts: int  # posts that await approval

    @property
    def all(self) -> int:
        return self.cases + self.texts


def pending_counts_for(person: Person) -> PendingCounts:
    """Counts what this person can decide: three short index scans in one query."""
    if not person.is_authenticated or not person.is_staff:
        return PendingCounts(0, 0)
    moderates = tuple(person.moderates or ()) if person.is_limited else None
    sql, params = _compiled(person.role, moderates, COUNTED_MAX)
    with connection.cursor() as cursor:
        cursor.execute(sql, [person.pk if param == PERSON_PLACEHOLDER else param for param in params])
        case_count, text_count = cursor.fetchone()
    return PendingCounts(min(case_count, COUNTED_MAX), text_count)


@lru_cache(maxsize=128)
def _compiled(role: str, moderates: tuple[int, ...] | None, limit: int) -> tuple[str, list[Any]]:
    """Returns the query for all people with this role and these sections. Django takes longer to compile it than the
    database to run it."""
    person = User(pk=PERSON_PLACEHOLDER, role=role, moderates=list(moderates) if moderates else None)
    open_cases, appeals = (
        cases.values("pk")[:limit] for cases in (open_cases_for(person), appeals_for(person))
    )
    texts = PendingPost.objects.reviewable_by(person).values("pk")[:limit]
    cases_sql, case_params = open_cases.union(appeals, all=True).query.sql_with_params()
    texts_sql, text_params = texts.query.sql_with_params()
    sql = f"SELECT (SELECT count(*) FROM ({cases_sql}) AS one), (SELECT count(*) FROM ({texts_sql}) AS one)"  # noqa: S608
    return sql, [*case_params, *text_params]
