"""Which names are taken: those in use, and those that somebody gave up, which lead to them for good."""

from accounts.models import FormerName, User


class NameTaken(Exception):
    pass


def is_taken(key: str, *, but_by: User | None = None) -> bool:
    """May nobody (but this person) take a name with this key?"""
    mine = but_by.pk if but_by else 0
    # In this order: a name that is given up between the two questions is found by the second. A name that is
    # taken after both is for the unique key to refuse.
    return (
        User.objects.filter(name_key=key).exclude(pk=mine).exists()
        or FormerName.objects.filter(name_key=key).exclude(user=mine).exists()
    )
