"""allauth's adapter for second factors. Their secrets are encrypted in the database."""

import base64
import hashlib
import logging
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from accounts.models import User

log = logging.getLogger(__name__)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _("That code is incorrect.")}

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """If SECRET_KEY has changed, rejects the code and logs why."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.exception("A second factor was stored under another SECRET_KEY; it cannot be read")
            raise self.validation_error("incorrect_code") from None

    def get_totp_label(self, user: User) -> str:
        return user.name

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {
            **super().get_public_key_credential_user_entity(user),
            "name": user.name,
            "display_name": user.name,
        }

    def _get_site_name(self) -> str:
        return settings.COMMUNITY_NAME


def _cipher() -> MultiFernet:
    """Encrypts with SECRET_KEY, and decrypts with it or any of SECRET_KEY_FALLBACKS."""
    return MultiFernet(
        [_key_from(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key_from(secret: str | bytes) -> Fernet:
    digest = hashlib.sha256(b"second factors " + force_bytes(secret)).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
