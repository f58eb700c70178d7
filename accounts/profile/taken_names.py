"""Which names are taken: current and former ones."""

from django.utils.translation import gettext_lazy

from accounts.models import FormerName, User
from core.web.action_errors import ActionError


class NameTaken(ActionError):
    status = 422
    explanation = gettext_lazy("This username was just taken.")
    field = "name"


def is_taken(key: str, *, but_by: User | None = None) -> bool:
    """Is a name with this key taken by someone other than `but_by`?"""
    mine = but_by.pk if but_by else 0
    # In this order, so that a name given up between the two queries is found by the second. If it is taken after both,
    # the unique constraint rejects it.
    return (
        User.objects.filter(name_key=key).exclude(pk=mine).exists()
        or FormerName.objects.filter(name_key=key).exclude(user=mine).exists()
    )
