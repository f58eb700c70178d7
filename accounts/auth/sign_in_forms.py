"""Sign up, confirm the address, sign in."""

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

from accounts.auth.form_base import CODE_HINT, PASSWORD_HINT, Plain
from accounts.models import RulesVersion
from accounts.models.email_address import AddressField, address_of
from core.web import honeypot as traps

LOGIN_MAX = 254  # the longest address


class LoginForm(Plain, allauth.LoginForm):
    labels = {"login": "Name or e-mail address"}
    missing = {"login": "Enter your name or your e-mail address.", "password": "Enter your password."}
    error_heading = "Sign-in did not work"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.widget.attrs["autocomplete"] = "username webauthn"
        login.validators.append(
            MaxLengthValidator(LOGIN_MAX)
        )  # what is longer is not worth folding into a key

    def clean_login(self) -> str:
        """An address as mail is written to it, since that is the one that was confirmed; a name as it was typed."""
        login = super().clean_login()
        try:
            return address_of(login)
        except ValueError:
            return login


class SignupForm(Plain, allauth.SignupForm):
    email = AddressField()
    labels = {"username": "Name", "email": "E-mail address", "password1": "Password"}
    missing = {
        "username": "Choose a name.",
        "email": "Enter your e-mail address.",
        "password1": "Choose a password.",
        "accepts_rules": "Say that you accept the rules; nobody can join without.",
    }
    hints = {
        "username": "How everybody here will know you: 2 to 30 letters, digits, dots, dashes or underscores.",
        "email": "Nobody sees it. We mail you a code to confirm it.",
        "password1": PASSWORD_HINT,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = RulesVersion.objects.to_accept()
        if self.rules:
            self.fields["accepts_rules"] = forms.BooleanField(
                label="I have read the rules and accept them",
                error_messages={"required": self.missing["accepts_rules"]},
            )
            # Which version they were shown: they accept no other.
            self.fields["rules_version"] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=2**31 - 1,
                initial=self.rules.number,
                widget=forms.HiddenInput,
            )

    @property
    def begun(self) -> str:
        """When the form was made; one that is sent again keeps that moment."""
        return traps.begun_as_said(self.data.get(traps.BEGUN, ""))

    def clean(self) -> dict[str, Any]:
        self.was_quick = traps.was_quick(self.data, least=settings.SECONDS_TO_SIGN_UP)
        if self.was_quick and traps.seconds_since(self.data.get(traps.BEGUN, "")) is None:
            # Whoever sends the form that we have shown sends what stands in it.
            raise ValidationError("That was very quick. Look it over, then send it again.")
        if traps.is_filled(self.data):
            raise ValidationError(
                "Something filled in a field that people do not see. It is empty again: send the form once more."
            )
        cleaned = super().clean() or self.cleaned_data
        if self.rules and cleaned.get("rules_version") not in (None, self.rules.number):
            self.data = {**dict(self.data.items()), "rules_version": str(self.rules.number)}
            self.add_error("accepts_rules", "The rules have changed meanwhile. Please look at them again.")
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        """For an address that has an account the same is done, and taken back: how long it takes tells nobody."""
        if self.account_already_exists:
            with transaction.atomic():
                self._save(request, f"{get_random_string(20)}@nobody.invalid")
                transaction.set_rollback(True)
        return super().try_save(request)

    def save(self, request: HttpRequest) -> AbstractBaseUser:
        return self._save(request, self.cleaned_data["email"])

    @transaction.atomic
    def _save(self, request: HttpRequest, email: str) -> AbstractBaseUser:
        """The person and their address, or neither; and which rules they accepted."""
        adapter, said = get_adapter(), SimpleNamespace(cleaned_data={**self.cleaned_data, "email": email})
        user = adapter.save_user(request, adapter.new_user(request), said)
        setup_user_email(request, user, [EmailAddress(email=email)])
        user.accepted_rules, user.joined_in_haste = self.rules, self.was_quick
        user.save(update_fields=["accepted_rules", "joined_in_haste"])
        return user


class ConfirmEmailForm(Plain, allauth.ConfirmEmailVerificationCodeForm):
    hints = {"code": CODE_HINT}
