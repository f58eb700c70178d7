"""Lock a row before it is read."""

from django.db import connection, models
from django.db.transaction import TransactionManagementError


def lock_row(model: type[models.Model], pk: int) -> None:
    """Wait until nobody else changes this row, and keep others from it until the transaction ends.

    A statement of its own on purpose: what is joined to a locked row is seen as it was before the wait. By hand,
    since every act begins with it and composing it takes longer than running it."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock lasts as long as its transaction.")
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR NO KEY UPDATE", [pk])  # noqa: S608 - our own name
