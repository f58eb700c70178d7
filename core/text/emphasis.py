"""Pairs stars, underscores and tildes in one pass, with a stack for each."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from core.text.scripts import is_unspaced

Piece = str | Element

MAX_RUN = 6  # longer runs are decoration
_WIDE_SIGNS = re.compile("[\u3000-\u33ff\ufe10-\ufe6f\uff00-\uffef]")
MAX_OPEN_RUNS = 8  # open runs of one mark; limits the nesting


@dataclass
class Delimiter:
    """A run of stars, underscores or tildes, of which some may be unpaired."""

    mark: str
    length: int
    count: int  # the number of unpaired ones
    can_open: bool
    can_close: bool

    @classmethod
    def at(cls, text: str, run: re.Match[str]) -> Self:
        """Returns the run found in `text`. The characters beside it decide whether it can open or close."""
        before, after = _beside(text, run)
        leans_right = not after.isspace() and (not _separates_words(after) or _allows_punctuation(before))
        leans_left = not before.isspace() and (not _separates_words(before) or _allows_punctuation(after))
        mark, length = run[0][0], len(run[0])
        if length > MAX_RUN or (mark == "~" and length != 2):  # "5~10 or 20~30" is not strikethrough
            return cls(mark, length, length, can_open=False, can_close=False)
        if mark == "_":  # snake_case is not emphasis
            return cls(
                mark,
                length,
                length,
                can_open=leans_right and (not leans_left or _is_sign(before)),
                can_close=leans_left and (not leans_right or _is_sign(after)),
            )
        return cls(mark, length, length, leans_right, leans_left)

    def pairs_with(self, closer: "Delimiter") -> bool:
        """Markdown's rule of three, by which `**a*b*c**` is strong text with emphasis inside."""
        if self.mark == "~":
            return True
        may_be_either = self.can_close or closer.can_open
        together = self.length + closer.length
        return not (may_be_either and together % 3 == 0 and (self.length % 3 or closer.length % 3))


Token = Piece | Delimiter
Opener = tuple[int, Delimiter]  # a run that can open, and its index in the output
OpenRuns = dict[str, list[Opener]]  # open runs by mark, the innermost last


def join_emphasis(tokens: list[Token]) -> list[Piece]:
    """Turns pairs of delimiters into elements around what is between them, and unpaired ones into text."""
    out: list[Token] = []
    open_runs: OpenRuns = {"*": [], "_": [], "~": []}
    for token in tokens:
        if isinstance(token, Delimiter):
            if token.can_close:
                _close(out, open_runs, token)
            if not token.count:
                continue
            if token.can_open:
                open_runs[token.mark] = [*open_runs[token.mark][1 - MAX_OPEN_RUNS :], (len(out), token)]
        out.append(token)
    return _to_pieces(out)


def _close(out: list[Token], open_runs: OpenRuns, closer: Delimiter) -> None:
    """Pairs `closer` with open runs, innermost first. Each index is visited once."""
    others = [openers for mark, openers in open_runs.items() if mark != closer.mark]
    while closer.count and (found := _opener_for(closer, open_runs[closer.mark])):
        index, opener = found
        for inside in others:
            while inside and inside[-1][0] > index:
                inside.pop()  # it would overlap with the new element
        used = 2 if min(opener.count, closer.count) >= 2 else 1
        out[index + 1 :] = [_wrapped(_tag(closer.mark, used), out[index + 1 :])]
        opener.count -= used
        closer.count -= used
        if not opener.count:
            open_runs[closer.mark].pop()
            del out[index]


def _opener_for(closer: Delimiter, openers: list[Opener]) -> Opener | None:
    """Returns the innermost open run for `closer`, and drops the open runs inside it."""
    for index in reversed(range(len(openers))):
        if openers[index][1].pairs_with(closer):
            del openers[index + 1 :]
            return openers[index]
    return None


def _wrapped(tag: str, tokens: list[Token]) -> Element:
    element = Element(tag)
    fill(element, _to_pieces(tokens))
    return element


def _to_pieces(tokens: list[Token]) -> list[Piece]:
    """Turns unpaired delimiters into text."""
    return [token.mark * token.count if isinstance(token, Delimiter) else token for token in tokens]


def _tag(mark: str, length: int) -> str:
    if mark == "~":
        return "del"
    return "strong" if length == 2 else "em"


def _beside(text: str, run: re.Match[str]) -> tuple[str, str]:
    """Returns the characters before and after a run. Tildes do not count, as on GitHub: `~~*a*~~b` is like `*a*b`."""
    before, after = run.start() - 1, run.end()
    while before >= 0 and text[before] == "~":
        before -= 1
    while after < len(text) and text[after] == "~":
        after += 1
    return text[before] if before >= 0 else " ", text[after : after + 1] or " "


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"


def _separates_words(letter: str) -> bool:
    """Is it punctuation, but not wide? Wide punctuation acts as a space: `**重要：**请注意` is strong."""
    return _is_sign(letter) and not _is_wide(letter)


def _allows_punctuation(letter: str) -> bool:
    """Can a run next to this character open or close beside punctuation?"""
    return letter.isspace() or _is_sign(letter) or _is_wide(letter)


def _is_wide(letter: str) -> bool:
    """Is the character as wide as an ideograph, or of a script without spaces? Emoji are not."""
    if letter.isascii():
        return False
    is_wide = unicodedata.east_asian_width(letter) in "WFH"
    return (is_wide and (not _is_sign(letter) or _WIDE_SIGNS.match(letter) is not None)) or is_unspaced(
        letter
    )


def fill(element: Element, pieces: list[Piece]) -> None:
    """Puts texts and elements into an element. Texts are joined once, since adding them one by one copies them."""
    texts: list[str] = []
    last: Element | None = None

    def set_text() -> None:
        if last is None:
            element.text = "".join(texts) or None
        else:
            last.tail = "".join(texts) or None
        texts.clear()

    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
        else:
            set_text()
            element.append(piece)
            last = piece
    set_text()
