"""Character references (`&copy;`, `&#169;`) and backslash escapes."""

import re
from html import unescape
from html.entities import html5

from .normalize import normalise

ENTITY = r"&(?:\#[0-9]{1,7}+|\#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);"
ESCAPED = r"\\[!-/:-@\[-`{-~]"

_EITHER = re.compile(f"{ESCAPED}|{ENTITY}")


def decoded(entity: str) -> str:
    """Returns the character, or the reference itself if it is unknown."""
    return normalise(unescape(entity)) if entity[1] == "#" or entity[1:] in html5 else entity


def unescaped(text: str) -> str:
    """Resolves references and escapes in addresses and titles, in which no other Markdown is read."""
    return _EITHER.sub(lambda found: found[0][1] if found[0][0] == "\\" else decoded(found[0]), text)
