"""Where a topic went that was merged into another."""

from accounts.models import Person
from forum.models import Merging, Section, Topic

HOPS = 10  # a topic that others went into may itself go into another


def leads_to(person: Person, pk: int) -> Topic | None:
    """The topic that this one leads to, for somebody who could have seen both; None for all others, to whom it is as if
    it had never been there."""
    seen = Section.objects.visible_to(person).values("pk")
    merging = Merging.objects.filter(topic=pk, topic__section__in=seen).first()
    for _ in range(HOPS):
        if merging is None:
            return None
        into = merging.into_id
        merging = Merging.objects.filter(topic=into).first()
        if merging is None:
            return Topic.objects.visible_to(person).filter(pk=into).first()
    return None
