"""Sign-in by name or e-mail address, each found through its unique key; a former name stays its owner’s."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User


class NameOrEmailBackend(AuthenticationBackend):
    """allauth's backend, which spends as long on a stranger as on a wrong password, with our own look-up."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        said = credentials.get("email") or credentials.get("username") or ""
        return self._check_password(User.objects.by_name_or_email(said), credentials.get("password") or "")
