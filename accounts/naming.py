"""Which names are taken: those in use, and those that somebody gave up, which lead to them for good.

The two stand in two tables, so no one constraint holds both; whoever is about to take or give up a name holds its
key first, and looks after that.
"""

from django.db import connection

from accounts.models import FormerName, User


class NameTaken(Exception):  # noqa: N818 - it reads as what happened
    pass


def is_taken(key: str, *, but_by: User | None = None) -> bool:
    """May nobody (but this person) take a name with this key?"""
    mine = but_by.pk if but_by else None
    return (
        User.objects.filter(name_key=key).exclude(pk=mine).exists()
        or FormerName.objects.filter(name_key=key).exclude(user=mine).exists()
    )


def hold(*keys: str) -> None:
    """Until this transaction ends nobody else decides about these names. In one order, so that two never deadlock."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"name {key}"])
