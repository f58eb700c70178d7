"""Tell a member something, and note that they have read what they were told."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from notifications.models import Notice


def tell(*, member: User, text: str, url: str = "", at: datetime | None = None) -> Notice:
    """Put a line into the member's inbox; call it inside the transaction of what it tells of. `text` is plain and says
    all there is to know; `url` leads to a page of this site. Never tell who reported something."""
    return Notice.objects.create(member=member, text=text, url=url, at=at or timezone.now())


def mark_read(*, by: User, notice: int) -> Notice | None:
    """One notice of theirs counts as read from now on; None if they have no such notice."""
    own = Notice.objects.filter(member=by, pk=notice)
    own.unread().update(read_at=timezone.now())
    return own.first()


def mark_unread(*, by: User, notice: int) -> Notice | None:
    """One notice of theirs counts as unread again; None if they have no such notice."""
    own = Notice.objects.filter(member=by, pk=notice)
    own.update(read_at=None)
    return own.first()


def mark_all_read(*, by: User, up_to: int | None = None) -> int:
    """All that this member was told counts as read, or all up to the newest they were shown; how many there were."""
    unread = Notice.objects.unread().filter(member=by)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=timezone.now())
