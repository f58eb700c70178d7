"""Which errors mean that the database is away or read-only, and are no bugs."""

import psycopg
from django.db import InterfaceError, OperationalError

# The first two include full disks and lost connections; the last is what a standby raises.
OUTAGES = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.ReadOnlySqlTransaction,
)


def is_outage(error: BaseException | None) -> bool:
    """Was this error, or one that caused it, an outage or a read-only database?"""
    while error is not None:
        if isinstance(error, OUTAGES):
            return True
        error = error.__cause__ or error.__context__
    return False
