"""Deletes accounts whose email was never verified, so that their names and emails are free again."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils import timezone

from accounts.models import User

DELETE_AFTER = timedelta(days=7)
BATCH_SIZE = 100


def abandoned_accounts() -> QuerySet[User]:
    """Returns members who signed up days ago, have not verified any email and have never signed in."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        joined_at__lt=timezone.now() - DELETE_AFTER,
        last_login=None,
        role=User.Role.MEMBER,
    )


def delete_abandoned() -> int:
    """Deletes abandoned accounts; returns their number. Accounts that protected rows refer to stay."""
    deleted, last = 0, 0
    while pks := list(
        abandoned_accounts().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]
    ):
        deleted += sum(map(_delete_if_abandoned, pks))
        last = pks[-1]
    return deleted


@transaction.atomic
def _delete_if_abandoned(pk: int) -> bool:
    """Locks the user and their emails, so that a verification at the same time either comes first or fails."""
    User.objects.select_for_update().filter(pk=pk).first()
    list(EmailAddress.objects.select_for_update().filter(user=pk))
    member = abandoned_accounts().filter(pk=pk).first()
    if member is None:
        return False
    try:
        with transaction.atomic():
            member.delete()
    except ProtectedError:
        return False
    return True
