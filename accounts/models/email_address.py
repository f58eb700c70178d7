"""Mail addresses: how one is written to, which is never the key by which two are compared (core/text/name_keys.py)."""

from typing import Any

from allauth.account.fields import EmailField
from django.core.exceptions import ValidationError

from core.text.domains import ascii_domain, readable_domain

LONGEST = 254
# What keyboards for Chinese, Japanese and Korean make of ASCII.
_FULL_WIDTH = {0xFF01 + number: 0x21 + number for number in range(94)}


def address_of(said: str) -> str:
    """How the mailbox is written to that somebody typed; ValueError where no mail gets. The part before the @ stays
    theirs, but for its case, which nobody's mail server asks."""
    local, at, domain = said.translate(_FULL_WIDTH).strip().rpartition("@")
    if not at or not local:
        raise ValueError(said)
    domain = domain if domain.startswith("[") else ascii_domain(domain)
    return f"{local.lower() if local.isascii() else local}@{domain}"


def readable(address: str) -> str:
    """For the page: the domain as people know it."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{readable_domain(domain)}"


class AddressField(EmailField):
    """The address as it is written to."""

    def to_python(self, value: Any) -> str:
        said = super().to_python(value)
        if not said or len(said) > LONGEST or "@" not in said.translate(_FULL_WIDTH):
            return said  # the validators have words for it
        try:
            address = address_of(said)
        except ValueError:
            raise ValidationError(
                "We cannot write to this domain. Is the part after the @ spelled right?"
            ) from None
        if not address.isascii():
            raise ValidationError("The part before the @ has a letter that our mail cannot carry.")
        return address
