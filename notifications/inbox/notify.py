"""Creates notifications and marks them as read or unread."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from notifications.models import Notification


def notify(*, member: User, text: str, url: str = "", at: datetime | None = None) -> Notification:
    """Notifies a member. Call it in the transaction of the action. `text` is plain text, complete without the link;
    `url` is a path on this site. Never reveal who reported something."""
    return Notification.objects.create(member=member, text=text, url=url, at=at or timezone.now())


def mark_read(*, by: User, notice: int) -> Notification | None:
    """Marks a notification of the member as read and returns it, or None if they have no such notification."""
    notices = Notification.objects.filter(member=by, pk=notice)
    notices.unread().update(read_at=timezone.now())
    return notices.first()


def mark_unread(*, by: User, notice: int) -> Notification | None:
    """Marks a notification of the member as unread and returns it, or None if they have no such notification."""
    notices = Notification.objects.filter(member=by, pk=notice)
    notices.update(read_at=None)
    return notices.first()


def mark_all_read(*, by: User, up_to: int | None = None) -> int:
    """Marks all notifications as read, or those up to the id `up_to`; returns how many were unread."""
    unread = Notification.objects.unread().filter(member=by)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=timezone.now())
