"""What a page depends on, as names and version numbers, so that an outdated cached copy can be detected.

The view of a page that guests can read declares its dependencies:

    return cache_with(render(request, ...), of_topic(topic))

A number was read before the content, or in the same statement: a copy may be newer than its number, and is then
rendered once too often, but it is never older. None means the number from before rendering began."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.http import HttpResponse

from accounts.models import User
from forum.models import Section, Topic

Dependencies = dict[str, int | None]

# Every page depends on the epoch. Pages from before the number in HIDDEN may show what guests can no longer read.
EPOCH, HIDDEN, LISTS = "epoch", "hidden", "lists"


def of_topic(*topics: Topic | None) -> Dependencies:
    return {f"topic:{topic.pk}": topic.version for topic in topics if topic}


def of_section(section: Section) -> Dependencies:
    """The section’s list of topics."""
    return {f"section:{section.pk}": None}


def of_lists() -> Dependencies:
    """Lists over all sections."""
    return {LISTS: None}


def of_member(member: User) -> Dependencies:
    """The member’s profile."""
    return {f"member:{member.pk}": member.version}


def is_list(name: str) -> bool:
    return name == LISTS or name.startswith("section:")


def cache_with(
    response: HttpResponse, *dependencies: Dependencies, until: datetime | None = None
) -> HttpResponse:
    """Declares what this page depends on; without this it is never cached. `until`: when the copy expires, for a page
    that changes at a known time."""
    response.until = until  # type: ignore[attr-defined]
    response.rests_on = {name: number for part in dependencies for name, number in part.items()}  # type: ignore[attr-defined]
    return response


class Cursor(Protocol):
    def execute(self, query: str, params: Mapping[str, Any]) -> Any: ...
    def fetchall(self) -> list[Any]: ...


@dataclass(frozen=True)
class PageVersions:
    """The current versions, read from the database at one time."""

    numbers: dict[str, int]
    taken_back: frozenset[str]  # topics in which something was recently changed or removed
    at: datetime  # by the database’s clock
    settled: datetime  # by the same clock: everything taken back before this is included
    is_read_only: bool


# Run before VERSIONS_SQL: a writing transaction begins to write after this, or is among those running now (also while
# it waits for a standby), or is visible to VERSIONS_SQL. Transaction ids would not do: the upper end of a snapshot is
# not the next id, but the one after the last that has ended.
RUNNING_SQL = """
SELECT (extract(epoch FROM now()) * 1000000)::bigint,
       (extract(epoch FROM least(now(), min(xact_start))) * 1000000)::bigint
FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()
"""
VERSIONS_SQL = """
SELECT 'read only', (current_setting('transaction_read_only') = 'on')::int, 0
UNION ALL SELECT 'epoch', number, hidden FROM accounts_siteversion
UNION ALL SELECT 'section', section_id, sum(number)::bigint FROM forum_sectionversion GROUP BY section_id
UNION ALL SELECT 'topic', id, version FROM forum_topic WHERE id = ANY(%(topics)s::bigint[])
UNION ALL SELECT 'member', id, version FROM accounts_user WHERE id = ANY(%(members)s::bigint[])
UNION ALL SELECT 'taken back', id, version FROM forum_topic WHERE taken_back_at > %(since)s
"""
GONE = -1


def read_versions(cursor: Cursor, names: Iterable[str], since: datetime) -> PageVersions:
    """Returns the numbers of these names and of all sections, and the topics in which something was taken back `since`.
    A name whose object no longer exists gets the number GONE, which no page has."""
    names = list(names)
    cursor.execute(RUNNING_SQL, {})
    ((now, oldest),) = cursor.fetchall()
    cursor.execute(
        VERSIONS_SQL, {"topics": _ids(names, "topic"), "members": _ids(names, "member"), "since": since}
    )
    rows = cursor.fetchall()
    numbers = dict.fromkeys(names, GONE) | {EPOCH: 0, HIDDEN: 0, LISTS: 0}
    numbers |= {name: 0 for name in names if name.startswith("section:")}  # no topics there yet
    taken_back: set[str] = set()
    read_only = 0
    for kind, first, second in rows:
        if kind == "read only":
            read_only = first
        elif kind == "epoch":
            numbers[EPOCH], numbers[HIDDEN] = first, second
        elif kind == "taken back":
            taken_back.add(f"topic:{first}")
            numbers[f"topic:{first}"] = second
        else:
            numbers[f"{kind}:{first}"] = second
            if kind == "section":
                numbers[LISTS] += second
    at, settled = (datetime.fromtimestamp(moment / 1_000_000, UTC) for moment in (now, oldest))
    return PageVersions(numbers, frozenset(taken_back), at, settled, bool(read_only))


def _ids(names: list[str], kind: str) -> list[int]:
    return [int(pk) for prefix, _, pk in (name.partition(":") for name in names) if prefix == kind]
