"""Members whose account is in use: verified and not suspended."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User


def active_members() -> QuerySet[User]:
    """Returns the members with a verified email who are not suspended. Only they are suggested and can be mentioned."""
    awake = Q(suspended_until=None) | Q(suspended_until__lte=Now())
    return User.objects.filter(awake, Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)))
