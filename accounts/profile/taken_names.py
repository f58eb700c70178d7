"""Which names are taken: current and former ones."""

from django.utils.translation import gettext_lazy

from accounts.models import FormerName, User
from core.web.action_errors import ActionError


class NameTaken(ActionError):
    status = 422
    explanation = gettext_lazy("This username was just taken.")
    field = "name"


def is_taken(key: str, *, except_for: User | None = None) -> bool:
    """Is a name with this key taken by someone other than `except_for`?"""
    except_id = except_for.pk if except_for else 0
    # In this order, so that a name given up between the two queries is found by the second. If it is taken after both,
    # the unique constraint rejects it.
    return (
        User.objects.filter(name_key=key).exclude(pk=except_id).exists()
        or FormerName.objects.filter(name_key=key).exclude(user=except_id).exists()
    )
