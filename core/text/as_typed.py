"""A text shown as it was typed: where the renderer cannot take it, or would make far too much of it."""

from html import escape

from .quotes import LEFT_OUT, Cited, Lines, Quoted, is_attribution

# What rendering may make of a text: so many times its length, so much of a short one, and never more than this.
MOST_TIMES = 10
ROOM = 4_000
MOST = 300_000


def most_html(length: int) -> int:
    """How many characters of HTML a text of this length may become."""
    return min(max(MOST_TIMES * length, ROOM), MOST)


def paragraphs(source: str) -> str:
    """Its lines and paragraphs as HTML, with every sign as it is."""
    parts = [escape(part.strip("\n")).replace("\n", "<br>") for part in source.split("\n\n") if part.strip()]
    return "".join(f"<p>{part}</p>" for part in parts)


def taken_apart(
    source: str, cited: list[Cited], left_out: list[Lines]
) -> tuple[list[str], tuple[Quoted, ...]]:
    """What the text says itself, between its quotes by reference; and these. The lines left out stay so."""
    lines = source.split("\n")
    for begins, ends in left_out:
        lines[begins:ends] = [LEFT_OUT, *[""] * (ends - begins - 1)]
    own, quotes, at = list[str](), list[Quoted](), 0
    for one in cited:
        own.append(paragraphs("\n".join(lines[at : one.begins])))
        words = paragraphs("\n".join(_said(lines[one.begins : one.ends])))
        quotes.append(Quoted(one.post, one.revision, one.begins, one.ends, words))
        at = one.ends
    return [*own, paragraphs("\n".join(lines[at:]))], tuple(quotes)


def _said(lines: list[str]) -> list[str]:
    """The words of a quote without its marks, and without the line that says of what."""
    words = [line.lstrip(" \t").removeprefix(">").removeprefix(" ") for line in lines]
    if words and is_attribution(words[0]):
        words[0] = words[0].partition("):")[2].lstrip(" ")
    return words
