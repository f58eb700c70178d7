"""The members who can be spoken to."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User


def members() -> QuerySet[User]:
    """Everybody who has confirmed their address and is not suspended. Whoever is to be left out of suggestions and
    mentions is so here."""
    awake = Q(suspended_until=None) | Q(suspended_until__lte=Now())
    return User.objects.filter(awake, Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)))
