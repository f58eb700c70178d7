"""A forgotten password. The code in the mail is good once, for a while, for the account as it was then."""

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.auth.form_base import CODE_HINT, PASSWORD_HINT, Plain
from accounts.models import User
from accounts.models.email_address import AddressField

SESSION_KEY = "reset_is_for"


class AskForResetForm(Plain, allauth.ResetPasswordForm):
    email = AddressField(required=True)
    labels = {"email": "E-mail address"}

    def clean_email(self) -> str:
        """The address as it stands in the account, however it was typed: no look-alike is ever mailed."""
        typed = super().clean_email()
        return self.users[0].email if self.users else typed

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            request.session[SESSION_KEY] = _state_of(self.users[0])
        return super().save(request, **kwargs)


class ConfirmResetForm(Plain, allauth.ConfirmPasswordResetCodeForm):
    hints = {"code": CODE_HINT}


class NewPasswordForm(Plain, allauth.ResetPasswordKeyForm):
    labels = {"password1": "New password"}
    hints = {"password1": PASSWORD_HINT}

    def clean(self) -> dict[str, Any] | None:
        """A code that lay around while the password or the address was changed, or the account suspended, opens nothing
        any more."""
        if not constant_time_compare(context.request.session.get(SESSION_KEY, ""), _state_of(self.user)):
            raise ValidationError(
                "The account has changed since we sent this code. Please ask for a new one."
            )
        return super().clean()


def _state_of(user: User) -> str:
    return salted_hmac(
        SESSION_KEY, f"{user.pk} {user.password} {user.email} {user.suspended_until}"
    ).hexdigest()
