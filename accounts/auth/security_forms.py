"""Forms for the password, email and second factors of a signed-in member."""

import json
import struct
from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext, gettext_lazy as _

from accounts.auth.form_base import PASSWORD_HINT, BelfryForm
from accounts.models.email_address import EmailAddressField

KEY_NAME_MAX = 60
KEY_NAME_LABEL = _("Key name")
SECOND_FACTOR_HINT = _("From your authenticator app, or one of your recovery codes.")


class ReauthenticateForm(BelfryForm, allauth.ReauthenticateForm):
    labels = {"password": _("Password")}


class ChangePasswordForm(BelfryForm, allauth.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}


class SetPasswordForm(BelfryForm, allauth.SetPasswordForm):
    labels = {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}


class ChangeEmailForm(BelfryForm, allauth.AddEmailForm):
    email = EmailAddressField(required=True)
    labels = {"email": _("New email")}
    hints = {"email": _("We’ll send a code to it. Your old email stays until you enter the code.")}


class SecondFactorForm(BelfryForm, second_factor.AuthenticateForm):
    hints = {"code": SECOND_FACTOR_HINT}


class SecondFactorReauthenticateForm(BelfryForm, second_factor.ReauthenticateForm):
    hints = {"code": SECOND_FACTOR_HINT}


class AuthenticatorAppForm(BelfryForm, totp.ActivateTOTPForm):
    labels = {"code": _("Code")}
    hints = {"code": _("The six digits that the app shows now.")}

    def clean_code(self) -> str:
        """Marks the code as used, so that it cannot also be used to sign in."""
        code = super().clean_code()
        app = TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))
        if not app._mark_code_used(code):
            raise ValidationError(gettext("This code has already been used. Wait for the next one."))
        return code


class StrictJSONDecoder(json.JSONDecoder):
    """Raises JSONDecodeError also for what Python cannot parse (numbers of thousands of digits, lists nested too deep),
    and for what the database cannot store (lone surrogates, NUL, NaN)."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            value = super().decode(s, *args)
            encoded = json.dumps(value, ensure_ascii=False, allow_nan=False)
            if "\\u0000" in encoded or not encoded.encode():
                raise ValueError
        except (ValueError, RecursionError):
            raise json.JSONDecodeError("unsupported JSON", s, 0) from None
        return value


# What allauth, its library and their decoders raise for bytes that no security key has sent.
INVALID_KEY_ERRORS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error,
           InvalidSignature, UnsupportedAlgorithm)  # fmt: skip


class SecurityKeyMixin(forms.Form):
    """The response of a security key, as JSON. allauth and its library fail on JSON of a wrong shape, which is
    reported as an incorrect code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = StrictJSONDecoder  # type: ignore[attr-defined]

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the other base class
        except INVALID_KEY_ERRORS:
            raise get_adapter().validation_error("incorrect_code") from None


class SecurityKeyForm(SecurityKeyMixin, webauthn.AuthenticateWebAuthnForm):
    pass


class SecurityKeyReauthenticateForm(SecurityKeyMixin, webauthn.ReauthenticateWebAuthnForm):
    pass


class PasskeyLoginForm(SecurityKeyMixin, webauthn.LoginWebAuthnForm):
    pass


class AddKeyForm(BelfryForm, webauthn.AddWebAuthnForm):
    labels = {
        "name": KEY_NAME_LABEL,
        "passwordless": _("Sign in with this key alone, without a password"),
    }
    hints = {
        "name": _("For example “Phone” or “YubiKey”. If you leave it empty, we choose a name."),
        "passwordless": _("The key then asks for your fingerprint, your face or its PIN."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = StrictJSONDecoder  # type: ignore[attr-defined]
        self.fields["name"].validators.append(MaxLengthValidator(KEY_NAME_MAX))

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except INVALID_KEY_ERRORS:  # see SecurityKeyMixin
            raise get_adapter().validation_error("incorrect_code") from None


class RenameKeyForm(BelfryForm, webauthn.EditWebAuthnForm):
    labels = {"name": KEY_NAME_LABEL}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(KEY_NAME_MAX))
