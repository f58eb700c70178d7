"""What the log shows of an entry: where it happened, what changed, and whether it can be undone."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import Person
from accounts.models.log_entry import LogEntry
from core.web.times import format_time
from forum.models import Section, Topic
from moderation.log.undo import can_be_undone

# The names of facts. One that is not here is shown as it is stored.
FACT_NAMES = {
    "act": _("Action"),
    "archived": _("Archived"),
    "asked_by": _("Lookup type"),
    "attachments": _("Attachments"),
    "brought_back": _("Post restored"),
    "cleared": _("Removed by entry"),
    "closed": _("Topic closed"),
    "closes_at": _("Closes at"),
    "days": _("Days"),
    "days_of_silence": _("Days without a reply"),
    "description": _("Description"),
    "excerpt": _("Highlighted text"),
    "first_posts": _("First posts"),
    "fold_thanks": _("Collapse thank-you replies"),
    "folds": _("Collapsed"),
    "groups": _("Groups"),
    "highlight": _("Highlight"),
    "highlights": _("Highlights"),
    "history_by": _("Who can see edit history"),
    "hold_first": _("First posts need approval"),
    "in_group": _("In the group"),
    "into": _("Target topic number"),
    "into_title": _("Target topic"),
    "is_anywhere": _("Match inside words"),
    "kind": _("Kind"),
    "language": _("Language"),
    "links": _("Links"),
    "links_to_one_site": _("Links to one site"),
    "mentions": _("Mentions"),
    "minutes": _("Minutes"),
    "moderates": _("Moderates sections"),
    "name": _("Name"),
    "note": _("Note"),
    "place": _("Position"),
    "places": _("Positions"),
    "post": _("Post"),
    "posts": _("Posts"),
    "posts_a_day": _("Posts per day"),
    "read_by": _("Who can read"),
    "read_instead": _("Related topic"),
    "reason": _("Reason"),
    "reply_by": _("Who can reply"),
    "auto_hide_threshold": _("Auto-hide threshold"),
    "revision": _("Revision"),
    "role": _("Role"),
    "rules": _("Rules"),
    "sanction": _("Sanction"),
    "section": _("Section number"),
    "section_name": _("Section"),
    "start_by": _("Who can start topics"),
    "taken_back": _("Deleted by the author"),
    "text": _("Text"),
    "texts_waiting": _("Pending posts"),
    "title": _("Title"),
    "topics_a_day": _("Topics per day"),
    "until": _("Until"),
    "version": _("Version"),
    "waiting": _("Pending posts"),
    "was_highlighted": _("Was highlighted"),
    "words": _("Words"),
}
# Values that are stored as a code.
FACT_VALUES = {
    "email": _("email"),
    "email_domain": _("email domain"),
    "ip_address": _("IP address"),
    "member": _("member"),
    "permanent": _("permanent"),
}
CODED_FACTS = {"asked_by", "until"}
# Ids that only undo needs.
HIDDEN_FACTS = {"closure", "pin", "removal", "rule"}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*([+-]\d\d:\d\d|Z)")
MAX_LISTED = 20  # items shown of a long list
# Facts about another topic or section than the one of the entry, with the fact that holds its id.
FACTS_ABOUT_TOPICS = {"into": "into", "into_title": "into", "read_instead": "read_instead"}
FACTS_ABOUT_SECTIONS = {"section": "section", "section_name": "section"}


@dataclass(frozen=True)
class LogLine:
    entry: LogEntry
    section: Section | None
    may_undo: bool

    @property
    def diff_url(self) -> str:
        """The URL of what an edit changed; empty for other actions."""
        if self.entry.act != "edit" or not (self.entry.facts.get("after") or {}).get("version"):
            return ""
        before, after = self.entry.facts["before"]["version"], self.entry.facts["after"]["version"]
        return f"{reverse('forum:history', args=[self.entry.target_id])}?from={before}&to={after}"


@dataclass(frozen=True)
class Fact:
    """One thing that the action changed, or that undo needs."""

    name: str
    before: str
    after: str


def log_lines(entries: list[LogEntry], person: Person) -> list[LogLine]:
    """Returns the entries with their sections, in one query."""
    section_ids = {entry.section_id for entry in entries if entry.section_id}
    sections = Section.objects.in_bulk(section_ids) if section_ids else {}
    return [
        LogLine(entry, sections.get(entry.section_id or 0), can_be_undone(person, entry)) for entry in entries
    ]


def readable_facts(entry: LogEntry, reader: Person) -> list[Fact]:
    """Returns the facts of an entry, without those about topics and sections that the reader cannot see."""
    before, after = (
        _without_hidden_places(entry.facts.get(key) or {}, reader) for key in ("before", "after")
    )
    after = {name: fact for name, fact in entry.facts.items() if name not in ("before", "after")} | after
    names = [*before, *(name for name in after if name not in before)]
    facts = [
        Fact(
            str(FACT_NAMES.get(name, name)),
            _in_words(name, before.get(name)),
            _in_words(name, after.get(name)),
        )
        for name in names
        if name not in HIDDEN_FACTS
    ]
    return [fact for fact in facts if fact.before or fact.after]


def _without_hidden_places(facts: dict[str, Any], reader: Person) -> dict[str, Any]:
    hidden = {
        name
        for id_facts, visible in (
            (FACTS_ABOUT_TOPICS, Topic.objects.visible_to(reader)),
            (FACTS_ABOUT_SECTIONS, Section.objects.visible_to(reader)),
        )
        for name, id_fact in id_facts.items()
        if name in facts and not visible.filter(pk=facts.get(id_fact) or 0).exists()
    }
    return {name: fact for name, fact in facts.items() if name not in hidden}


def _in_words(name: str, value: Any) -> str:
    """Returns the value of a fact in words."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return ", ".join(f"{FACT_NAMES.get(key, key)}: {_in_words(key, item)}" for key, item in value.items())
    if isinstance(value, list):
        listed = ", ".join(_in_words(name, item) for item in value[:MAX_LISTED])
        if len(value) <= MAX_LISTED:
            return listed
        return gettext("%(items)s and %(count)d more") % {"items": listed, "count": len(value) - MAX_LISTED}
    if isinstance(value, str) and (moment := _parse_date_time(value)):
        return format_time(moment)
    if value is None:
        return ""
    return str(FACT_VALUES.get(value, value)) if name in CODED_FACTS else str(value)


def _parse_date_time(text: str) -> datetime | None:
    """Returns the date and time if the text is one: facts are stored as JSON."""
    if not DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
