"""Which addresses a text may link to, and which of them are external."""

import re
from urllib.parse import urlsplit

MAX_ADDRESS_LENGTH = 2_000
SCHEMES = frozenset({"http", "https", "mailto"})
EXTERNAL_REL = "nofollow ugc noopener"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+):")
_TO_ENCODE = re.compile(r"[ \"<>`]")
_UNSAFE = re.compile(r"[\s\\<>\"`\x00-\x20\x7f]")


def safe_address(typed: str) -> str | None:
    """Returns the address to link to, or None if it should stay text.

    Paths begin with "/" and fragments with "#". "//host" and backslashes are rejected, since browsers read them as
    another host. Anything before a colon is a scheme, as in browsers, even in "example.com:8000".
    """
    address = typed.strip()
    if not address or len(address) > MAX_ADDRESS_LENGTH or _UNSAFE.search(address):
        return None
    if address.lower().startswith("www."):
        address = f"https://{address}"
    if scheme := _SCHEME.match(address):
        return address if scheme[1].lower() in SCHEMES and _leads_somewhere(address) else None
    is_here = address.startswith(("/", "#")) and not address.startswith("//")
    return address if is_here else None


def safe_link_address(typed: str) -> str | None:
    """The same for the address of a Markdown link, in which spaces, quotes and other characters are encoded."""
    return safe_address(_TO_ENCODE.sub(lambda found: f"%{ord(found[0]):02X}", typed))


def is_external(address: str, host: str) -> bool:
    """Does the address lead to a host other than the community's own?"""
    parts = urlsplit(address)
    if parts.scheme == "mailto" or not (parts.scheme or parts.netloc):
        return False
    return parts.netloc.lower() != host.lower()


def _leads_somewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # "http://["
        return False
    return bool(parts.path if parts.scheme == "mailto" else parts.netloc)
