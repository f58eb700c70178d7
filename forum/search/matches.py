"""Finds posts in the search index, newest first, and only those that the searcher can read.

A search for a common word must not collect all its posts: PostgreSQL looks at the newest month first, then at as many
as it takes until enough posts are found. Inside the index a month is a lexeme like a word, so that each step reads only
what belongs to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import Person, User
from core.text.name_keys import name_key
from forum.models import Section, Topic
from forum.search.query import Query
from forum.search.tsquery import all_of, any_of, title_tsquery, words_tsquery
from forum.search_index import lexemes
from forum.search_index.lexemes import quoted

WINDOWS = (1, 3, 12)  # months; each window follows the one before, and then comes everything older
NOTHING = "'@nothing'"  # a lexeme that no post has

MATCHES = """
SELECT entry.post_id, entry.topic_id, entry.posted_at FROM forum_searchentry AS entry
 WHERE {conditions}
 ORDER BY entry.posted_at DESC, entry.post_id DESC
 LIMIT %(limit)s
"""
IN_PERIOD = "entry.posted_at >= %(since)s AND entry.posted_at < %(until)s"
WITH_WORDS = "entry.words @@ %(words)s::tsquery"
IN_TOPIC = "entry.post_id IN (SELECT id FROM forum_post WHERE topic_id = %(topic)s)"
BEFORE = "(entry.posted_at, entry.post_id) < (%(before)s, %(before_post)s)"


class Match(NamedTuple):
    post: int
    topic: int
    posted_at: datetime


@dataclass(frozen=True)
class Scope:
    """What one searcher can find with a query."""

    query: Query
    person: Person
    sections: tuple[Section, ...]  # those that they can read, and that the query names
    words: str  # the condition on the words of a post
    title: str  # the same for words of the title
    facts: str  # the conditions on section, author and so on
    since: datetime
    until: datetime
    newest: datetime  # the time of the newest post

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(section.language for section in self.sections)


def scope_of(query: Query, person: Person) -> Scope:
    readable = list(Section.objects.visible_to(person))
    sections = [section for section in readable if not query.sections or _is_named(section, query)]
    languages = sorted({section.language for section in readable})
    is_partial = len(sections) < Section.objects.count()
    facts = []
    if is_partial:
        facts.append(any_of([quoted(lexemes.in_section(section.pk)) for section in sections] or [NOTHING]))
    if query.authors:
        facts.append(_authors(query))
    if "official" in query.flags:
        facts.append(_staff())
    facts += [quoted(lexemes.HIGHLIGHTED)] if "highlighted" in query.flags else []
    facts += [quoted(lexemes.HAS_IMAGE)] if "image" in query.flags else []
    since, until = _period(query)
    return Scope(
        query,
        person,
        tuple(sections),
        words_tsquery(query, languages=languages),
        title_tsquery(query, languages=languages),
        all_of(facts),
        since,
        until,
        Topic.objects.listed().aggregate(newest=Max("last_post_at"))["newest"] or until,
    )


def newest_matches(scope: Scope, condition: str, *, limit: int, before: Match | None = None) -> list[Match]:
    """Returns the newest posts with these words that the searcher can read, and that are older than `before`."""
    found: list[Match] = []
    for window in _windows(scope) if scope.sections else ():
        last = before
        while wanted := limit - len(found):
            matches = _matches(scope, condition, window, limit=wanted, before=last)
            found += _readable(matches, scope.person)
            if len(matches) < wanted:
                break
            last = matches[-1]
    return found


def _matches(
    scope: Scope, condition: str, window: "Window", *, limit: int, before: Match | None
) -> list[Match]:
    words = all_of([condition, scope.facts, window.months])
    params: dict[str, Any] = {"since": window.since, "until": window.until, "words": words, "limit": limit}
    conditions = [IN_PERIOD, WITH_WORDS] if words else [IN_PERIOD]
    if scope.query.topic:
        conditions.append(IN_TOPIC)
        params["topic"] = scope.query.topic
    if before:
        conditions.append(BEFORE)
        params |= {"before": before.posted_at, "before_post": before.post}
    with connection.cursor() as cursor:
        cursor.execute(MATCHES.format(conditions=" AND ".join(conditions)), params)
        return [Match(*row) for row in cursor.fetchall()]


def _readable(matches: list[Match], person: Person) -> list[Match]:
    """Returns the matches in topics that the searcher can find."""
    if not matches:
        return []
    # As one parameter: thousands of them would be a statement of its own for each number.
    topics = RawSQL("SELECT unnest(%s::bigint[])", [list({match.topic for match in matches})])
    readable = set(
        Topic.objects.visible_to(person).listed().filter(pk__in=topics).values_list("pk", flat=True)
    )
    return [match for match in matches if match.topic in readable]


class Window(NamedTuple):
    since: datetime
    until: datetime
    months: str  # the condition on the month; empty for all


def _windows(scope: Scope) -> Iterator[Window]:
    """Yields periods from the newest to the oldest."""
    if scope.query.topic:
        yield Window(scope.since, scope.until, "")
        return
    until, month = scope.until, _month_of(min(scope.newest, scope.until))
    for number in WINDOWS:
        first = _months_before(month, number - 1)
        months = [_months_before(month, back) for back in range(number)]
        condition = any_of(quoted(lexemes.in_month(each)) for each in months)
        yield Window(max(first, scope.since), until, condition)
        if first <= scope.since:
            return
        until, month = first, _months_before(first, 1)
    yield Window(scope.since, until, "")


def _month_of(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _months_before(month: datetime, number: int) -> datetime:
    years, index = divmod(month.year * 12 + month.month - 1 - number, 12)
    return month.replace(year=years, month=index + 1)


def _period(query: Query) -> tuple[datetime, datetime]:
    """Returns the time from which on and before which posts are searched, in the time zone of the searcher."""
    zone = timezone.get_current_timezone()
    utc = timezone.get_fixed_timezone(0)
    since = datetime(1970, 1, 1, tzinfo=utc)
    until = timezone.now() + timedelta(days=1)
    if query.after:
        since = max(since, datetime.combine(query.after, time(), zone).astimezone(utc))
    if query.before:
        until = min(until, datetime.combine(query.before, time(), zone).astimezone(utc))
    return since, until


def _is_named(section: Section, query: Query) -> bool:
    names = {name.casefold() for name in query.sections}
    return section.slug.casefold() in names or section.name.casefold() in names


def _authors(query: Query) -> str:
    keys = [name_key(name) for name in query.authors]
    found = User.objects.filter(name_key__in=keys).values_list("pk", flat=True)
    return any_of([quoted(lexemes.by_author(pk)) for pk in found] or [NOTHING])


def _staff() -> str:
    staff = User.objects.exclude(role=User.Role.MEMBER).values_list("pk", flat=True)
    return any_of([quoted(lexemes.by_author(pk)) for pk in staff] or [NOTHING])
