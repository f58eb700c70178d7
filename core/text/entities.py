"""Character references (`&copy;`, `&#169;`) and backslash escapes."""

import re
from html import unescape
from html.entities import html5

from .normalize import normalize

ENTITY = r"&(?:\#[0-9]{1,7}+|\#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);"
ESCAPED = r"\\[!-/:-@\[-`{-~]"

_EITHER = re.compile(f"{ESCAPED}|{ENTITY}")


def decode_entity(entity: str) -> str:
    """Returns the character, or the reference itself if it is unknown."""
    return normalize(unescape(entity)) if entity[1] == "#" or entity[1:] in html5 else entity


def unescape_markdown(text: str) -> str:
    """Resolves references and escapes in addresses and titles, in which no other Markdown is read."""
    return _EITHER.sub(lambda found: found[0][1] if found[0][0] == "\\" else decode_entity(found[0]), text)
