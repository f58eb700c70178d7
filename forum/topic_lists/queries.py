"""The lists of topics, on the home page and in a section."""

from django.db.models import OuterRef, Subquery

from accounts.models import Person
from forum.models import Section, SectionVersion, Topic
from forum.models.page_sizes import TOPICS_PER_PAGE

ANNOUNCEMENTS_MAX = 5
RECENT_MAX = 12


def open_announcements(person: Person) -> list[Topic]:
    """Returns open topics of announcement sections: highlighted ones first, then the newest."""
    sections = Section.objects.announcements().filter(archived_at=None)
    topics = (
        Topic.objects.filter(section__in=sections.values("pk")).visible_to(person).listed().open().for_list()
    )
    topics = topics.order_by("-is_highlighted", "-started_at")  # type: ignore[misc] # from for_list
    return list(topics[:ANNOUNCEMENTS_MAX])


def sections_with_newest(person: Person) -> list[tuple[Section, Topic | None]]:
    """Returns all sections in their order, archived ones too, each with its newest topic. Two queries."""
    newest = Topic.objects.listed().filter(section=OuterRef("pk")).latest_first().values("pk")[:1]
    sections = list(Section.objects.visible_to(person).in_order().annotate(newest_topic_id=Subquery(newest)))
    topics = Topic.objects.for_list().in_bulk([section.newest_topic_id for section in sections])
    return [(section, topics.get(section.newest_topic_id)) for section in sections]


def recent_topics(person: Person) -> list[Topic]:
    return list(Topic.objects.visible_to(person).listed().for_list().latest_first()[:RECENT_MAX])


def unpinned_count(section: Section, pinned: list[Topic]) -> int:
    """Returns how many topics are not pinned, without counting rows: a section may have a hundred thousand."""
    return SectionVersion.objects.topics_in(section) - len(pinned)


def unpinned_topics(section: Section, pinned: list[Topic], count: int, number: int) -> list[Topic]:
    """Returns one page of a section, newest reply first. Rows before it are skipped in the index, from the nearer end;
    only the topics that are shown are read."""
    unpinned = section.topics.listed().exclude(pk__in=[topic.pk for topic in pinned])
    before, after = (number - 1) * TOPICS_PER_PAGE, count - number * TOPICS_PER_PAGE
    if before <= after:
        ids = unpinned.latest_first().values_list("pk", flat=True)[before : before + TOPICS_PER_PAGE]
    else:
        oldest_first = unpinned.order_by("last_post_at", "pk").values_list("pk", flat=True)
        ids = oldest_first[max(after, 0) : after + TOPICS_PER_PAGE]
    return list(Topic.objects.filter(pk__in=ids).for_list().latest_first())
