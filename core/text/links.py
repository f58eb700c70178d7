"""Which addresses a text may link to, and which of them lead out of the community."""

import re
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000
SCHEMES = frozenset({"http", "https", "mailto"})
EXTERNAL_REL = "nofollow ugc noopener"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+):")
_TO_ENCODE = re.compile(r"[ \"<>`]")
_UNSAFE = re.compile(r"[\s\\<>\"`\x00-\x20\x7f]")


def safe_address(typed: str) -> str | None:
    """Return the address to link to, or None for what should stay text.

    A path begins with "/" and a fragment with "#"; "//host" and backslashes, which browsers read as another
    host, do not pass. What stands before a colon is a scheme, as browsers see it, even in "example.com:8000".
    """
    address = typed.strip()
    if not address or len(address) > LONGEST_ADDRESS or _UNSAFE.search(address):
        return None
    if address.lower().startswith("www."):
        address = f"https://{address}"
    if scheme := _SCHEME.match(address):
        return address if scheme[1].lower() in SCHEMES and _leads_somewhere(address) else None
    is_here = address.startswith(("/", "#")) and not address.startswith("//")
    return address if is_here else None


def address_of_link(typed: str) -> str | None:
    """The same for an address between brackets, where blanks, quotes and other signs may stand as they are."""
    return safe_address(_TO_ENCODE.sub(lambda found: f"%{ord(found[0]):02X}", typed))


def is_external(address: str, host: str) -> bool:
    """Does this web address lead to another host than the community's own?"""
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
