"""Password, address and second factors of somebody who is signed in."""

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

from accounts.auth.form_base import PASSWORD_HINT, Plain
from accounts.models.email_address import AddressField

KEY_NAME_MAX = 60


class ReauthenticateForm(Plain, allauth.ReauthenticateForm):
    labels = {"password": "Your password"}


class ChangePasswordForm(Plain, allauth.ChangePasswordForm):
    labels = {"oldpassword": "Your password now", "password1": "Your new password"}
    hints = {"password1": PASSWORD_HINT}


class SetPasswordForm(Plain, allauth.SetPasswordForm):
    labels = {"password1": "Your new password"}
    hints = {"password1": PASSWORD_HINT}


class ChangeEmailForm(Plain, allauth.AddEmailForm):
    email = AddressField(required=True)
    labels = {"email": "New e-mail address"}
    hints = {"email": "We mail a code there; until you have entered it, your old address stays."}


class SecondFactorForm(Plain, second_factor.AuthenticateForm):
    hints = {"code": "From your authenticator app, or one of your recovery codes."}


class SecondFactorAgainForm(Plain, second_factor.ReauthenticateForm):
    hints = {"code": "From your authenticator app, or one of your recovery codes."}


class ActivateAppForm(Plain, totp.ActivateTOTPForm):
    labels = {"code": "Code"}
    hints = {"code": "The six digits that the app shows now."}

    def clean_code(self) -> str:
        """The code that sets the app up is used up by it: it does not sign anybody in as well."""
        code = super().clean_code()
        app = TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))
        if not app._mark_code_used(code):
            raise ValidationError("This code has been used. Please wait for the next one.")
        return code


class WholeJSON(json.JSONDecoder):
    """What Python will not take in, a number of thousands of digits or lists within lists within lists, is no JSON. Nor
    is what no page can show and no database keep: half a surrogate pair, a NUL, a number that is none."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            said = super().decode(s, *args)
            written = json.dumps(said, ensure_ascii=False, allow_nan=False)
            if "\\u0000" in written or not written.encode():
                raise ValueError
        except (ValueError, RecursionError):
            raise json.JSONDecodeError("not to be taken in", s, 0) from None
        return said


# What allauth, its library and the decoders below that raise over bytes that no key has sent.
UNSOUND = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, struct.error,
           InvalidSignature, UnsupportedAlgorithm)  # fmt: skip


class WholeKey(forms.Form):
    """What a security key says, as JSON. allauth and its library fail on JSON that is not of the right shape; to
    whoever sent it, that is a wrong code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = WholeJSON  # type: ignore[attr-defined]

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of allauth's form beside it
        except UNSOUND:
            raise get_adapter().validation_error("incorrect_code") from None


class KeyForm(WholeKey, webauthn.AuthenticateWebAuthnForm):
    pass


class KeyAgainForm(WholeKey, webauthn.ReauthenticateWebAuthnForm):
    pass


class KeyAloneForm(WholeKey, webauthn.LoginWebAuthnForm):
    pass


class AddKeyForm(Plain, webauthn.AddWebAuthnForm):
    labels = {
        "name": "What you call this key",
        "passwordless": "Sign in with this key alone, without the password",
    }
    hints = {
        "name": "Such as “phone” or “key ring”. You may leave it to us.",
        "passwordless": "The key then asks for your fingerprint, your face or its own PIN.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = WholeJSON  # type: ignore[attr-defined]
        self.fields["name"].validators.append(MaxLengthValidator(KEY_NAME_MAX))

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except UNSOUND:  # as WholeKey says
            raise get_adapter().validation_error("incorrect_code") from None


class RenameKeyForm(Plain, webauthn.EditWebAuthnForm):
    labels = {"name": "What you call this key"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(KEY_NAME_MAX))
