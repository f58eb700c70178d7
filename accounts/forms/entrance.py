"""Sign up, confirm the address, sign in."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest

from accounts.forms.plain import CODE_HINT, PASSWORD_HINT, Plain
from accounts.models import RulesVersion

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


class SignupForm(Plain, allauth.SignupForm):
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.rules and cleaned.get("rules_version") not in (None, self.rules.number):
            self.data = {**dict(self.data.items()), "rules_version": str(self.rules.number)}
            self.add_error("accepts_rules", "The rules have changed meanwhile. Please look at them again.")
        return cleaned

    @transaction.atomic
    def save(self, request: HttpRequest) -> AbstractBaseUser:
        """The person and their address, or neither; and which rules they accepted."""
        user = super().save(request)
        user.accepted_rules = self.rules
        user.save(update_fields=["accepted_rules"])
        return user


class ConfirmEmailForm(Plain, allauth.ConfirmEmailVerificationCodeForm):
    hints = {"code": CODE_HINT}
