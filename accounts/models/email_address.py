"""Email addresses in the form to which mail is sent. (core/text/name_keys.py has the key that compares two.)"""

from typing import Any

from allauth.account.fields import EmailField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.text.domains import ascii_domain, readable_domain

MAX_LENGTH = 254
# Full-width forms of ASCII, as Chinese, Japanese and Korean keyboards type them.
_FULL_WIDTH = {0xFF01 + number: 0x21 + number for number in range(94)}


def normalize_address(typed: str) -> str:
    """Returns the address to send mail to; raises ValueError if there is none. The part before the @ is only changed to
    lower case, which mail servers ignore."""
    local, at, domain = typed.translate(_FULL_WIDTH).strip().rpartition("@")
    if not at or not local:
        raise ValueError(typed)
    domain = domain if domain.startswith("[") else ascii_domain(domain)
    return f"{local.lower() if local.isascii() else local}@{domain}"


def readable_address(address: str) -> str:
    """Returns the address for display, with its domain in readable letters."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{readable_domain(domain)}"


class EmailAddressField(EmailField):
    """A field whose value is the address to send mail to."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed or len(typed) > MAX_LENGTH or "@" not in typed.translate(_FULL_WIDTH):
            return typed  # the validators report it
        try:
            address = normalize_address(typed)
        except ValueError:
            raise ValidationError(
                _("We can’t send email to this domain. Check the part after the @.")
            ) from None
        if not address.isascii():
            raise ValidationError(_("The part before the @ has a letter that our mail server can’t use."))
        return address
