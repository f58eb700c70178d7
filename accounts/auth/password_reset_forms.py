"""Password reset. The emailed code works once, for a limited time, while the account is unchanged."""

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, gettext_lazy as _

from accounts.auth.form_base import CODE_HINT, PASSWORD_HINT, BelfryForm
from accounts.models import User
from accounts.models.email_address import EmailAddressField
from core.text.name_keys import email_key

SESSION_KEY = "reset_is_for"


class RequestResetForm(BelfryForm, allauth.ResetPasswordForm):
    email = EmailAddressField(required=True)
    labels = {"email": _("Email")}

    def clean_email(self) -> str:
        """Returns the email as stored in the account, never a look-alike that was typed. allauth would look twice for
        one without an account, which takes milliseconds longer and so tells who has one."""
        typed = self.cleaned_data["email"]
        self.users = list(User.objects.filter(email=email_key(typed)))
        return self.users[0].email if self.users else typed

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            request.session[SESSION_KEY] = _account_state(self.users[0])
        return super().save(request, **kwargs)


class ConfirmResetForm(BelfryForm, allauth.ConfirmPasswordResetCodeForm):
    hints = {"code": CODE_HINT}


class NewPasswordForm(BelfryForm, allauth.ResetPasswordKeyForm):
    labels = {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}

    def clean(self) -> dict[str, Any] | None:
        """Rejects a code sent before the password or email changed or the account was suspended."""
        if not constant_time_compare(context.request.session.get(SESSION_KEY, ""), _account_state(self.user)):
            raise ValidationError(
                gettext("Your account has changed since we sent this code. Request a new one.")
            )
        return super().clean()


def _account_state(user: User) -> str:
    return salted_hmac(
        SESSION_KEY, f"{user.pk} {user.password} {user.email} {user.suspended_until}"
    ).hexdigest()
