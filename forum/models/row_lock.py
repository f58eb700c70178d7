"""Locks a row before it is read."""

from django.db import connection, models
from django.db.transaction import TransactionManagementError


def lock_row(model: type[models.Model], pk: int) -> None:
    """Waits until nobody else changes this row, and locks it until the transaction ends.

    A separate statement on purpose: rows joined to a locked row would be read as they were before the wait. Written by
    hand, since every action begins with it and building the query takes longer than running it."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("lock_row: no transaction")
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR NO KEY UPDATE", [pk])  # noqa: S608 - our own name
