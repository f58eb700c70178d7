"""How often a member may do a thing. Counted in the database, so that all processes count together and
fifty requests at once cannot all find room: the count grows and is read in one statement."""

import time
from dataclasses import dataclass

from django.db import connection

from accounts.models import Rate, User


@dataclass(frozen=True)
class Limit:
    act: str
    most: int
    seconds: int


POSTS = Limit("post", 12, 60)
TOPICS = Limit("topic", 6, 600)
EDITS = Limit("edit", 30, 300)
REPORTS = Limit("report", 20, 3600)
ANSWERS_TO_STAFF = Limit("answer_staff", 20, 3600)
THANKS = Limit("thank", 30, 60)
VOTES = Limit("vote", 30, 60)
SAVES = Limit("save", 60, 60)
DRAFTS = Limit("draft", 120, 60)
# Hundreds of characters: ten texts of full length, a second each at worst.
PREVIEWS = Limit("preview", 3_000, 60)
ABOUTS = Limit("about", 20, 600)


class TooFast(Exception):
    def __init__(self, limit: Limit, retry_after: int) -> None:
        super().__init__(f"more than {limit.most} of {limit.act} in {limit.seconds} s")
        self.limit, self.retry_after = limit, retry_after


def slot_of(seconds: float, limit: Limit) -> int:
    """In which stretch of time a moment is counted."""
    return int(seconds // limit.seconds)


def spend(limit: Limit, *, by: User, now: float | None = None, amount: int = 1) -> None:
    """Count one act of `by`, or an `amount` of what is limited; raises TooFast beyond the limit. Call it last in the
    act's transaction: a refused or failed act is rolled back together with its count. Staff are not limited."""
    if by.is_staff:
        return
    slot, over_in = _slot(limit, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_rate (user_id, act, slot, begun_at, count) VALUES (%s, %s, %s, now(), %s)"
            " ON CONFLICT ON CONSTRAINT one_count_per_user_act_and_slot"
            " DO UPDATE SET count = accounts_rate.count + excluded.count RETURNING count",
            [by.pk, limit.act, slot, amount],
        )
        (count,) = cursor.fetchone()
    if count > limit.most:
        raise TooFast(limit, retry_after=over_in)


def require_room(limit: Limit, *, by: User, now: float | None = None) -> None:
    """Raises TooFast if one more would be beyond the limit; counts nothing. Ask it before work that costs much: what
    does not succeed is counted after it."""
    if by.is_staff:
        return
    slot, over_in = _slot(limit, now)
    if Rate.objects.filter(user=by, act=limit.act, slot=slot, count__gte=limit.most).exists():
        raise TooFast(limit, retry_after=over_in)


def _slot(limit: Limit, now: float | None) -> tuple[int, int]:
    """The stretch of time that is counted now, and in how many seconds it ends."""
    seconds = now if now is not None else time.time()
    slot = slot_of(seconds, limit)
    return slot, max(1, int((slot + 1) * limit.seconds - seconds))
