"""Finds the topic that a merged topic redirects to."""

from accounts.models import Person
from forum.models import Section, Topic, TopicMerge

MAX_HOPS = 10  # the topic that others were merged into may itself be merged


def redirect_target(person: Person, pk: int) -> Topic | None:
    """Returns the topic that this one redirects to, or None for people who could not see both: to them it never
    existed."""
    seen = Section.objects.visible_to(person).values("pk")
    merging = TopicMerge.objects.filter(topic=pk, topic__section__in=seen).first()
    for _ in range(MAX_HOPS):
        if merging is None:
            return None
        into = merging.into_id
        merging = TopicMerge.objects.filter(topic=into).first()
        if merging is None:
            return Topic.objects.visible_to(person).filter(pk=into).first()
    return None
