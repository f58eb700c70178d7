"""Pin a topic before the others of its section, and take the pin out."""

from django.db import transaction

from accounts.models import User
from accounts.record import record
from forum import permissions
from forum.models import Pin, Topic
from forum.refusals import NotAllowed


@transaction.atomic
def pin_topic(*, topic: Topic, by: User) -> Pin:
    """Pin the topic; who comes second gets the pin that is in."""
    topic = _locked_for(by, topic)
    if topic.is_pinned:
        return topic.pin
    pin = Pin.objects.create(topic=topic, pinned_by=by)
    topic.change()
    record(
        "pin",
        by=by,
        target=topic,
        name=topic.title,
        topic_id=topic.pk,
        section_id=topic.section_id,
        facts={"before": None, "after": {"pin": pin.pk}},
    )
    return pin


@transaction.atomic
def unpin_topic(*, topic: Topic, by: User) -> bool:
    """Take the pin out; False when there was none."""
    topic = _locked_for(by, topic)
    if not topic.is_pinned:
        return False
    before = {"pin": topic.pin.pk}
    topic.pin.delete()
    topic.change()
    record(
        "unpin",
        by=by,
        target=topic,
        name=topic.title,
        topic_id=topic.pk,
        section_id=topic.section_id,
        facts={"before": before, "after": None},
    )
    return True


def _locked_for(by: User, topic: Topic) -> Topic:
    topic = Topic.objects.locked(topic.pk)
    if not permissions.can_pin(by, topic):
        raise NotAllowed
    return topic
