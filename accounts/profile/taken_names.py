"""Which names are taken: current and former ones."""

from accounts.models import FormerName, User


class NameTaken(Exception):
    pass


def is_taken(key: str, *, but_by: User | None = None) -> bool:
    """Is a name with this key taken by someone other than `but_by`?"""
    mine = but_by.pk if but_by else 0
    # In this order, so that a name given up between the two queries is found by the second. If it is taken after both,
    # the unique constraint rejects it.
    return (
        User.objects.filter(name_key=key).exclude(pk=mine).exists()
        or FormerName.objects.filter(name_key=key).exclude(user=mine).exists()
    )
