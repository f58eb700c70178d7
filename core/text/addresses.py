"""Finds where bare web addresses in a text begin and end.

An address ends before the punctuation of the sentence, before an unmatched bracket, and before any punctuation outside
ASCII: "“https://a.example/b”", "https://a.example/b。". Letters of any script belong to it.
"""

import re
import unicodedata

from .links import MAX_ADDRESS_LENGTH

# Not in "git+https://" or "x@www.example".
BEGINS = r"(?:(?<![A-Za-z0-9@/+-])https?://|(?<![A-Za-z0-9@/+.-])www\.)(?=[^\W_])"

_LETTERS = re.compile(rf"[^\s<>\"`|\\^{{}}\[\]*]{{1,{MAX_ADDRESS_LENGTH + 1}}}")
_HOST = re.compile(r"(?:https?://)?(?P<host>[^/?#:@]*+)(?=[/?#:]|$)", re.IGNORECASE)
_LAST_SIGNS = ".,:!?'_~"
_LAST_ENTITY = re.compile(r"&[A-Za-z0-9]{1,31};$")
_INNER_SIGNS = "’–‐·"  # allowed before an ASCII letter, as in the page title "Michelson–Morley"
_MOST_OPEN_BRACKETS = 5


def address_at(text: str, at: int) -> str:
    """Returns the address that begins at `at`, or "".

    Characters that are read but not taken are read again for the next address, so each step reads only a little ahead.
    """
    found = _LETTERS.match(text, at)
    if not found:
        return ""
    typed = _within_its_host(found[0])
    return _without_last_signs(typed[: _end_of(typed)])


def _within_its_host(typed: str) -> str:
    """Cuts off words in a script without spaces that directly follow an ASCII host."""
    found = _HOST.match(typed)
    if not found or found["host"].isascii():
        return typed
    last = found["host"].rpartition(".")[2]
    length = next((at for at, letter in enumerate(last) if not letter.isascii()), 0)
    return typed[: found.end() - len(last) + length] if length else typed


def _end_of(typed: str) -> int:
    """Returns the index of the first non-ASCII punctuation or the first unmatched bracket."""
    open_brackets: list[int] = []
    ends = len(typed)
    for at, letter in enumerate(typed):
        if letter == "(":
            open_brackets.append(at)
        if (letter == ")" and not open_brackets) or _is_foreign_sign(typed, at):
            ends = at
            break
        if letter == ")":
            open_brackets.pop()
        if len(open_brackets) == _MOST_OPEN_BRACKETS:
            break
    return min([ends, *open_brackets])


def _is_foreign_sign(typed: str, at: int) -> bool:
    letter = typed[at]
    if letter.isascii() or unicodedata.category(letter)[0] not in "PSZC":
        return False
    following = typed[at + 1 : at + 2]
    return not (letter in _INNER_SIGNS and following.isascii() and following.isalnum())


def _without_last_signs(typed: str) -> str:
    while (shorter := typed.rstrip(_LAST_SIGNS)).endswith(";"):
        entity = _LAST_ENTITY.search(shorter, max(0, len(shorter) - 40))
        typed = shorter[: entity.start() if entity else -1]
    return shorter
