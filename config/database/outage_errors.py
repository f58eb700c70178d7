"""Which errors say that the database is away or takes no writes, and not that the program is wrong."""

import psycopg
from django.db import InterfaceError, OperationalError

# No fault of the program: full disks and lost connections are among the first two, a standby's refusal is the last.
OUTAGES = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.ReadOnlySqlTransaction,
)


def is_outage(error: BaseException | None) -> bool:
    """Whether this error, or one that led to it, was the database's being away or read-only."""
    while error is not None:
        if isinstance(error, OUTAGES):
            return True
        error = error.__cause__ or error.__context__
    return False
