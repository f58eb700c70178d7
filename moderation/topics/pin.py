"""Pin a topic to the top of its section, until a given time or until it is unpinned."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import LogEntry, User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.locks import lock_topic
from forum.models import Pin, Topic


@transaction.atomic
def pin_topic(
    *, topic: Topic, by: User, until: datetime | None = None, undoes: LogEntry | None = None
) -> Pin:
    """Pins the topic. Returns the pin, also if the topic was already pinned until the same time."""
    topic = lock_topic(topic, by=by, if_may=permissions.can_pin)
    if topic.is_pinned and topic.pin.until == until:
        return topic.pin
    before = pin_facts(topic.pin) if topic.is_pinned else None
    Pin.objects.filter(topic=topic).delete()
    pin = Pin.objects.create(topic=topic, pinned_by=by, until=until)
    topic.change()
    record_on("pin", topic, by=by, before=before, after=pin_facts(pin), undoes=undoes)
    return pin


@transaction.atomic
def unpin_topic(*, topic: Topic, by: User, undoes: LogEntry | None = None) -> bool:
    """Unpins the topic. Returns False if it was not pinned."""
    topic = lock_topic(topic, by=by, if_may=permissions.can_pin)
    if not topic.is_pinned:
        return False
    _remove_pin(topic, "unpin", by=by, undoes=undoes)
    return True


@transaction.atomic
def remove_expired_pin(*, topic: Topic) -> bool:
    """Removes a pin that has expired. Returns False if there is none. Lists ignore expired pins anyway."""
    topic = Topic.objects.locked(topic.pk)
    if not hasattr(topic, "pin") or not topic.pin.is_over:
        return False
    _remove_pin(topic, "unpin_by_itself", by=topic.pin.pinned_by)
    return True


def pin_facts(pin: Pin) -> dict[str, Any]:
    return {"pin": pin.pk, "until": pin.until.isoformat() if pin.until else None}


def _remove_pin(topic: Topic, act: str, *, by: User, undoes: LogEntry | None = None) -> None:
    before = pin_facts(topic.pin)
    topic.pin.delete()
    topic.change()
    record_on(act, topic, by=by, before=before, undoes=undoes)
