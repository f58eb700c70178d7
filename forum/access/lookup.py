"""The topic or post of a URL, for those who may see it."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Person
from forum.access import merged_topics as merged, permissions
from forum.access.errors import TopicIsMerged
from forum.models import Post, Topic


def visible_post(person: Person, pk: int) -> Post:
    """A post whose place this person may see; its text may still be a tombstone to them."""
    placed = Post.objects.filter(topic__in=Topic.objects.visible_to(person).values("pk"))
    return get_object_or_404(placed.with_marks().with_topic(), pk=pk)


def readable_post(person: Person, pk: int) -> Post:
    """A post whose text this person may read."""
    return get_object_or_404(Post.objects.visible_to(person).with_marks().with_topic(), pk=pk)


def visible_topic(person: Person, pk: int) -> Topic:
    """One topic is asked about by its rule; composing a list for it takes three times as long."""
    topic = Topic.objects.with_closure().filter(pk=pk).first()
    if topic and permissions.can_read_topic(person, topic):
        return topic
    if into := merged.leads_to(person, pk):
        raise TopicIsMerged(Topic(pk=pk), into)
    raise Http404
