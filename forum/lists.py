"""The lists on the home page."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from accounts.models import Person
from forum.models import Section, Topic

STANDING_MAX = 5
RECENT_MAX = 12


def standing_announcements(person: Person) -> list[Topic]:
    """Open topics of announcement sections: highlighted ones first, then the newest."""
    boards = Section.objects.announcements().filter(archived_at=None)
    standing = Topic.objects.filter(section__in=boards.values("pk")).visible_to(person).open().for_list()
    standing = standing.order_by("-is_highlighted", "-started_at")  # type: ignore[misc] # from for_list
    return list(standing[:STANDING_MAX])


@dataclass(frozen=True)
class SectionLine:
    section: Section
    newest: Topic | None


def sections_with_newest(person: Person) -> list[SectionLine]:
    """Sections in their order, archived ones too, each with its newest topic, in two queries."""
    newest = Topic.objects.filter(section=OuterRef("pk")).latest_first().values("pk")[:1]
    sections = list(Section.objects.visible_to(person).in_order().annotate(newest_topic_id=Subquery(newest)))
    topics = Topic.objects.for_list().in_bulk([section.newest_topic_id for section in sections])
    return [SectionLine(section, topics.get(section.newest_topic_id)) for section in sections]


def recent_topics(person: Person) -> list[Topic]:
    return list(Topic.objects.visible_to(person).for_list().latest_first()[:RECENT_MAX])
