"""Renders Markdown typed by members to safe HTML: with `render`, or with `Source` if names have to be looked up."""

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


class Source:
    """A text in Markdown, normalized once: to find the names that it mentions, and then to render it."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.text = normalize(typed)

    def names(self) -> list[str]:
        """Returns the keys of the names that the text mentions, to look up before rendering. Never raises."""
        try:
            return mentioned_name_keys(self.text)
        except Exception:  # noqa: BLE001 - render() will fail in the same way, and log it
            return []

    def render(self, *, host: str | None = None, refers_to: References = NO_REFERENCES) -> Rendered:
        """Renders the text. Links to `host` (by default the community's own) are internal. `refers_to`: the members,
        attachments and quotes that the text refers to.

        Never raises: a text that fails to render, or whose HTML would be many times its length, is shown as typed.
        """
        own_host = urlsplit(settings.SITE_URL).netloc if host is None else host
        try:
            marked = to_html(self.text, refers_to)
            most = max_html_length(len(self.text) + refers_to.length)
            own, quotes = _split_safely(most, self.text, marked, own_host)
            excerpt = excerpt_of("".join(own)) or ("…" if quotes else "")
            return Rendered(
                join_with_placeholders(own), excerpt, marked.people, quotes, tuple(marked.left_out)
            )
        except Exception:  # noqa: BLE001 - no error in a library may lose a text
            _log.exception(
                "A text of %d characters could not be rendered and is shown as typed", len(self.text)
            )
            html = paragraphs(_remove_quotations(self.text) if refers_to.cuts_quotes else self.text)
            return Rendered(html, excerpt_of(html))


def render(text: str, *, host: str | None = None, refers_to: References = NO_REFERENCES) -> Rendered:
    """Renders a text whose names were looked up before, or are not looked up."""
    return Source(text).render(host=host, refers_to=refers_to)


def _split_safely(
    most: int, source: str, marked: ParsedMarkdown, own_host: str
) -> tuple[list[str], tuple[ExtractedQuote, ...]]:
    """Returns the safe HTML between the quotes, and the quotes; as typed if it would be longer than `most`."""
    if len(marked.html) <= most:  # otherwise do not sanitize it at all
        html = sanitize(marked.html, own_host)
        if len(html) <= most:
            return split_at_quotes(html, marked.cited)
    return split_as_typed(source, marked.cited, marked.left_out)


def _remove_quotations(source: str) -> str:
    """Removes all quoted lines, since it is unknown who may read them."""
    return "\n".join(line for line in source.split("\n") if not line.lstrip(" \t").startswith(">"))
