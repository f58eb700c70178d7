"""The members who can be spoken to."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User


def members() -> QuerySet[User]:
    """Everybody who has confirmed their address. Whoever is to be left out of suggestions and mentions is so here."""
    return User.objects.filter(Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)))
