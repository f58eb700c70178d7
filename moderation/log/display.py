"""How an entry of the log is shown: where it happened, what was before and after, and whether it can be undone."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from accounts.models.log_entry import LogEntry
from core.web.times import exact
from forum.models import Section, Topic
from moderation.log.undo import may_undo

WORDS = {
    "archived": "archived",
    "excerpt": "words that stood out",
    "folds": "folded",
    "in_group": "in the group",
    "read_instead": "topic to read instead",
}
# Rows that undoing looks for; nobody can read anything in their numbers.
UNSHOWN = {"closure", "pin", "removal", "rule"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*([+-]\d\d:\d\d|Z)")
LISTED = 20  # of a long list
# Facts that name another place than the one where it happened, by the fact that says which place that is.
NAMES_A_TOPIC = {"into": "into", "into_title": "into", "read_instead": "read_instead"}
NAMES_A_SECTION = {"section": "section", "section_name": "section"}


@dataclass(frozen=True)
class LogLine:
    entry: LogEntry
    section: Section | None
    may_undo: bool


@dataclass(frozen=True)
class Fact:
    """One thing that the act changed, or that undoing it has to know."""

    name: str
    before: str
    after: str


def lines_of(entries: list[LogEntry], person: Person) -> list[LogLine]:
    """One query for all of them, for the names of their sections."""
    wanted = {entry.section_id for entry in entries if entry.section_id}
    sections = Section.objects.in_bulk(wanted) if wanted else {}
    return [LogLine(entry, sections.get(entry.section_id or 0), may_undo(person, entry)) for entry in entries]


def facts_of(entry: LogEntry, reader: Person) -> list[Fact]:
    """A place that this reader may not see is not among them, be it only its number."""
    before, after = (_readable(entry.facts.get(when) or {}, reader) for when in ("before", "after"))
    after = {name: fact for name, fact in entry.facts.items() if name not in ("before", "after")} | after
    names = [*before, *(name for name in after if name not in before)]
    facts = [
        Fact(WORDS.get(name, name.replace("_", " ")), _said(before.get(name)), _said(after.get(name)))
        for name in names
        if name not in UNSHOWN
    ]
    return [fact for fact in facts if fact.before or fact.after]


def _readable(facts: dict[str, Any], reader: Person) -> dict[str, Any]:
    hidden = {
        name
        for names, seen in (
            (NAMES_A_TOPIC, Topic.objects.visible_to(reader)),
            (NAMES_A_SECTION, Section.objects.visible_to(reader)),
        )
        for name, place in names.items()
        if name in facts and not seen.filter(pk=facts.get(place) or 0).exists()
    }
    return {name: fact for name, fact in facts.items() if name not in hidden}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {_said(one)}" for name, one in value.items())
    if isinstance(value, list):
        more = f" and {len(value) - LISTED} more" if len(value) > LISTED else ""
        return ", ".join(_said(one) for one in value[:LISTED]) + more
    if isinstance(value, str) and (moment := _moment(value)):
        return exact(moment)
    return "" if value is None else str(value)


def _moment(said: str) -> datetime | None:
    """Facts hold moments as text."""
    if not MOMENT.fullmatch(said):
        return None
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None
