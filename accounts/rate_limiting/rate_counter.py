"""Rate limits counted in the database, for all processes together. A count grows and is read in one statement, so
that requests at the same time cannot exceed it."""

import time
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import RateCount, User
from core.web.action_errors import ActionError
from core.web.durations import in_seconds


@dataclass(frozen=True)
class Limit:
    act: str
    most: int
    seconds: int


class RateLimitExceeded(ActionError):
    retry_after: int
    status = 429
    title = gettext_lazy("Slow down")

    def __init__(self, limit: Limit, retry_after: int) -> None:
        super().__init__(_("Please wait %(wait)s, then try again.") % {"wait": in_seconds(retry_after)})
        self.limit, self.retry_after = limit, retry_after


def window_of(seconds: float, limit: Limit) -> int:
    """Returns the number of the window that a time belongs to."""
    return int(seconds // limit.seconds)


def count_action(limit: Limit, *, by: User, now: float | None = None, amount: int = 1) -> None:
    """Counts one action of `by`, or an `amount`. Beyond the limit it raises RateLimitExceeded. Call it last in the
    action's transaction, so that a failed action is rolled back together with its count. Staff are not limited."""
    if by.is_staff:
        return
    slot, retry_after = _current_window(limit, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_ratecount (user_id, act, slot, begun_at, count) VALUES (%s, %s, %s, now(), %s)"
            " ON CONFLICT ON CONSTRAINT one_count_per_user_act_and_slot"
            " DO UPDATE SET count = accounts_ratecount.count + excluded.count RETURNING count",
            [by.pk, limit.act, slot, amount],
        )
        (count,) = cursor.fetchone()
    if count > limit.most:
        raise RateLimitExceeded(limit, retry_after=retry_after)


def require_below_limit(limit: Limit, *, by: User, now: float | None = None) -> None:
    """Raises RateLimitExceeded if one more action would exceed the limit, without counting it. For use before expensive
    work that is counted afterwards."""
    if by.is_staff:
        return
    slot, retry_after = _current_window(limit, now)
    if RateCount.objects.filter(user=by, act=limit.act, slot=slot, count__gte=limit.most).exists():
        raise RateLimitExceeded(limit, retry_after=retry_after)


def _current_window(limit: Limit, now: float | None) -> tuple[int, int]:
    """Returns the number of the current window, and the seconds until it ends."""
    seconds = now if now is not None else time.time()
    slot = window_of(seconds, limit)
    return slot, max(1, int((slot + 1) * limit.seconds - seconds))
