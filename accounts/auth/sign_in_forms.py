"""Forms to sign up, verify the email and sign in."""

from types import SimpleNamespace
from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext, gettext_lazy as _

from accounts.auth.form_base import CODE_HINT, PASSWORD_HINT, BelfryForm
from accounts.models import RulesVersion
from accounts.models.email_address import EmailAddressField, normalize_address
from core.web.honeypot import SHOWN_AT_FIELD, is_hidden_field_filled, seconds_since, signed_time, was_too_fast
from core.web.preserved_input import Preserved

LOGIN_MAX = 254  # the longest email
UNVERIFIED_MESSAGE = _("We couldn’t verify that submission. Send the form again.")


class LoginForm(BelfryForm, allauth.LoginForm):
    labels = {"login": _("Username or email")}
    missing = {"login": _("Enter your username or email."), "password": _("Enter your password.")}
    error_heading = _("Sign-in failed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.widget.attrs["autocomplete"] = "username webauthn"
        login.validators.append(MaxLengthValidator(LOGIN_MAX))

    def clean_login(self) -> str:
        """Returns an email in its stored form, and a name as it was typed."""
        login = super().clean_login()
        try:
            return normalize_address(login)
        except ValueError:
            return login


class SignupForm(BelfryForm, allauth.SignupForm):
    email = EmailAddressField()
    preserved = Preserved(unshown=("accepts_rules", "rules_version"))
    labels = {"username": _("Username"), "email": _("Email"), "password1": _("Password")}
    missing = {
        "username": _("Choose a username."),
        "email": _("Enter your email."),
        "password1": _("Choose a password."),
        "accepts_rules": _("You must agree to the rules to sign up."),
    }
    hints = {
        "username": _("Shown on your posts. 2 to 30 letters, digits, dots, dashes or underscores."),
        "email": _("Other members can’t see it. We’ll send a code to verify it."),
        "password1": PASSWORD_HINT,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = RulesVersion.objects.to_accept()
        if self.rules:
            self.fields["accepts_rules"] = forms.BooleanField(
                label=_("I agree to the community rules"),
                error_messages={"required": self.missing["accepts_rules"]},
            )
            # The version on the page: no other is accepted.
            self.fields["rules_version"] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=2**31 - 1,
                initial=self.rules.number,
                widget=forms.HiddenInput,
            )

    @property
    def begun(self) -> str:
        """When the form was first shown, also if it is sent again."""
        return signed_time(self.data.get(SHOWN_AT_FIELD, ""))

    def clean(self) -> dict[str, Any]:
        self.was_quick = was_too_fast(self.data, least=settings.SECONDS_TO_SIGN_UP)
        if self.was_quick and seconds_since(self.data.get(SHOWN_AT_FIELD, "")) is None:
            # A browser always sends the hidden field `begun` of our form.
            raise ValidationError(UNVERIFIED_MESSAGE)
        if is_hidden_field_filled(self.data):
            raise ValidationError(UNVERIFIED_MESSAGE)
        cleaned = super().clean() or self.cleaned_data
        if self.rules and cleaned.get("rules_version") not in (None, self.rules.number):
            self.data = {**dict(self.data.items()), "rules_version": str(self.rules.number)}
            self.add_error("accepts_rules", gettext("The rules have just changed. Please read them again."))
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        """For an email that has an account, saves and rolls back, so that the time taken reveals nothing."""
        if self.account_already_exists:
            with transaction.atomic():
                self._save(request, f"{get_random_string(20)}@nobody.invalid")
                transaction.set_rollback(True)
        return super().try_save(request)

    def save(self, request: HttpRequest) -> AbstractBaseUser:
        return self._save(request, self.cleaned_data["email"])

    @transaction.atomic
    def _save(self, request: HttpRequest, email: str) -> AbstractBaseUser:
        """Saves the user, their email and the accepted rules, in one transaction."""
        adapter, form = get_adapter(), SimpleNamespace(cleaned_data={**self.cleaned_data, "email": email})
        user = adapter.save_user(request, adapter.new_user(request), form)
        setup_user_email(request, user, [EmailAddress(email=email)])
        user.accepted_rules, user.joined_too_fast = self.rules, self.was_quick
        user.save(update_fields=["accepted_rules", "joined_too_fast"])
        return user


class ConfirmEmailForm(BelfryForm, allauth.ConfirmEmailVerificationCodeForm):
    hints = {"code": CODE_HINT}
