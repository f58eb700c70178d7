"""Reads the acting person again. They may have been demoted or suspended during a long request."""

from django.db import connection
from django.db.transaction import TransactionManagementError

from accounts.models import User

# The columns that permissions read, and the counter that some actions update.
PERMISSION_COLUMNS = ("role", "silenced_until", "suspended_until", "moderates", "is_new", "texts_waiting")
SELECT_COLUMNS = f"SELECT {', '.join(PERMISSION_COLUMNS)} FROM accounts_user WHERE id = %s"  # noqa: S608 - our own names


def reload_and_lock(by: User, *, writes: bool = False) -> None:
    """Reads the person's rights again and locks their row until the transaction ends.

    A change of their rights is either committed before and seen here, or waits for this transaction. Call it in the
    action's transaction, after locking topics and posts and before checking a permission. `writes`: the action also
    updates the person's row.

    Foreign keys of the rows to be written would lock the person anyway; this takes a stronger lock a little earlier,
    in one statement."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("reload_and_lock() needs a transaction")
    _reload(by, " FOR NO KEY UPDATE" if writes else " FOR SHARE")


def reload(by: User) -> None:
    """Reads the person's rights again without locking them, for actions that lock topics next (topics are locked
    before people). The actions that they call then hold the person."""
    _reload(by, "")


def _reload(by: User, lock: str) -> None:
    if by.pk is None:  # a guest has no row
        return
    with connection.cursor() as cursor:
        cursor.execute(SELECT_COLUMNS + lock, [by.pk])
        row = cursor.fetchone()
    for name, value in zip(PERMISSION_COLUMNS, row, strict=True):
        setattr(by, name, value)
    by.__dict__.pop("group_ids", None)  # cached; read again when a section uses groups
