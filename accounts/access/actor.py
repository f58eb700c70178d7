"""Whoever acts, as they are now. A request may take long: what is decided about a person meanwhile counts."""

from django.db import connection
from django.db.transaction import TransactionManagementError

from accounts.models import User

# Each column that a permission asks of a person, and what an act counts on their row.
COLUMNS = ("role", "silenced_until", "suspended_until", "moderates", "is_new", "texts_waiting")
READ = f"SELECT {', '.join(COLUMNS)} FROM accounts_user WHERE id = %s"  # noqa: S608 - our own names


def hold(by: User, *, writes: bool = False) -> None:
    """Read again what this person may do, and keep it so until the transaction ends: whoever takes a right from them
    came first and is seen here, or waits until the act is done. Call it in the act's transaction, after the locks of
    topics and posts and before asking whether they may. `writes`: the act also writes the person's row.

    It takes the lock that the foreign keys of what they write would take a moment later, only stronger, and costs one
    statement."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock lasts as long as its transaction.")
    _read(by, " FOR NO KEY UPDATE" if writes else " FOR SHARE")


def read_again(by: User) -> None:
    """The same without a lock, for acts that go on to lock topics, which come before people. The acts that they are
    made of hold the person then."""
    _read(by, "")


def _read(by: User, lock: str) -> None:
    if by.pk is None:  # a guest, who has no row and no right to lose
        return
    with connection.cursor() as cursor:
        cursor.execute(READ + lock, [by.pk])
        row = cursor.fetchone()
    for name, value in zip(COLUMNS, row, strict=True):
        setattr(by, name, value)
    by.__dict__.pop("group_ids", None)  # asked again where a section names groups
