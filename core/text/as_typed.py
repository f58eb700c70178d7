"""Shows a text as it was typed, if rendering fails or the HTML would be far too long."""

from html import escape

from .quotes import OMITTED, ExtractedQuote, LineRange, QuoteReference, is_attribution

# Limits of the HTML of a text: a multiple of its length, a minimum for short texts, and a maximum.
MAX_FACTOR = 10
MIN_LIMIT = 4_000
MAX_LENGTH = 300_000


def max_html_length(length: int) -> int:
    """Returns the maximum length of the HTML for a text of this length."""
    return min(max(MAX_FACTOR * length, MIN_LIMIT), MAX_LENGTH)


def paragraphs(source: str) -> str:
    """Returns the lines and paragraphs as HTML, without reading any Markdown."""
    parts = [escape(part.strip("\n")).replace("\n", "<br>") for part in source.split("\n\n") if part.strip()]
    return "".join(f"<p>{part}</p>" for part in parts)


def split_as_typed(
    source: str, cited: list[QuoteReference], left_out: list[LineRange]
) -> tuple[list[str], tuple[ExtractedQuote, ...]]:
    """Returns the HTML between the quotes, and the quotes. Lines left out stay left out."""
    lines = source.split("\n")
    for begins, ends in left_out:
        lines[begins:ends] = [OMITTED, *[""] * (ends - begins - 1)]
    parts, quotes, at = list[str](), list[ExtractedQuote](), 0
    for reference in cited:
        parts.append(paragraphs("\n".join(lines[at : reference.begins])))
        html = paragraphs("\n".join(_quoted_lines(lines[reference.begins : reference.ends])))
        quotes.append(
            ExtractedQuote(reference.post, reference.revision, reference.begins, reference.ends, html)
        )
        at = reference.ends
    return [*parts, paragraphs("\n".join(lines[at:]))], tuple(quotes)


def _quoted_lines(lines: list[str]) -> list[str]:
    """Returns the lines of a quote without their `>` and without the attribution."""
    stripped = [line.lstrip(" \t").removeprefix(">").removeprefix(" ") for line in lines]
    if stripped and is_attribution(stripped[0]):
        stripped[0] = stripped[0].partition("):")[2].lstrip(" ")
    return stripped
