"""Renders Markdown typed by members to safe HTML. The entry point is `render`."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from .as_typed import max_html_length, paragraphs, split_as_typed
from .excerpt import excerpt_of
from .markdown_parser import ParsedMarkdown, mentioned_name_keys, to_html
from .normalize import normalize
from .quotes import ExtractedQuote, LineRange, join_with_placeholders, split_at_quotes
from .references import NO_REFERENCES, References
from .sanitize import sanitize

# Raise it whenever the HTML for the same text changes: texts rendered by an older version are then rendered again.
RENDERER_VERSION = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A rendered text. `html` is safe; `excerpt` is plain text that a template must escape."""

    html: str
    excerpt: str
    people: tuple[int, ...] = ()  # ids of the mentioned members, in order
    quotes: tuple[ExtractedQuote, ...] = ()  # cut out of `html`, which has a placeholder for each
    left_out: tuple[LineRange, ...] = ()  # lines of the text: quotes in places where none are allowed


def render(text: str, *, host: str | None = None, refers_to: References = NO_REFERENCES) -> Rendered:
    """Renders Markdown. Links to `host` (by default the community's own) are internal. `refers_to`: the members,
    attachments and quotes that the text refers to.

    Never raises: a text that fails to render, or whose HTML would be many times its length, is shown as typed.
    """
    source = normalize(text)
    own_host = urlsplit(settings.SITE_URL).netloc if host is None else host
    try:
        parsed = to_html(source, refers_to)
        parts, quotes = _split_safely(
            max_html_length(len(source) + refers_to.length), source, parsed, own_host
        )
        excerpt = excerpt_of("".join(parts)) or ("…" if quotes else "")
        return Rendered(join_with_placeholders(parts), excerpt, parsed.people, quotes, tuple(parsed.left_out))
    except Exception:  # noqa: BLE001 - no error in a library may lose a text
        _log.exception("A text of %d characters could not be rendered and is shown as typed", len(source))
        html = paragraphs(_remove_quotations(source) if refers_to.cuts_quotes else source)
        return Rendered(html, excerpt_of(html))


def _split_safely(
    max_length: int, source: str, parsed: ParsedMarkdown, own_host: str
) -> tuple[list[str], tuple[ExtractedQuote, ...]]:
    """Returns the safe HTML between the quotes, and the quotes; as typed if it would be longer than `max_length`."""
    if len(parsed.html) <= max_length:  # otherwise do not sanitize it at all
        html = sanitize(parsed.html, own_host)
        if len(html) <= max_length:
            return split_at_quotes(html, parsed.cited)
    return split_as_typed(source, parsed.cited, parsed.left_out)


def names_in(text: str) -> list[str]:
    """Returns the keys of the names that a text mentions, to look up before rendering. Never raises."""
    source = normalize(text)
    try:
        return mentioned_name_keys(source)
    except Exception:  # noqa: BLE001 - render() will fail in the same way, and log it
        return []


def _remove_quotations(source: str) -> str:
    """Removes all quoted lines, since it is unknown who may read them."""
    return "\n".join(line for line in source.split("\n") if not line.lstrip(" \t").startswith(">"))
