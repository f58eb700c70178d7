"""Sign-in by name or email. Former names work too."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User


class NameOrEmailBackend(AuthenticationBackend):
    """allauth's backend, which takes as long for an unknown name as for a wrong password, with our own lookup."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("email") or credentials.get("username") or ""
        return self._check_password(User.objects.by_name_or_email(login), credentials.get("password") or "")
