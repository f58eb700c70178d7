"""Renders Markdown typed by members to safe HTML. The entry point is `render`."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from .as_typed import most_html, paragraphs, taken_apart
from .excerpt import excerpt_of
from .markdown_parser import Marked, names_asked_for, to_html
from .normalize import normalise
from .quotes import Lines, Quoted, put_together, take_apart
from .references import NONE, References
from .sanitize import sanitise

# Raise it whenever the HTML for the same text changes: texts rendered by an older version are then rendered again.
RENDERER_VERSION = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A rendered text. `html` is safe; `excerpt` is plain text that a template must escape."""

    html: str
    excerpt: str
    people: tuple[int, ...] = ()  # ids of the mentioned members, in order
    quotes: tuple[Quoted, ...] = ()  # cut out of `html`, which has a placeholder for each
    left_out: tuple[Lines, ...] = ()  # lines of the text: quotes in places where none are allowed


def render(text: str, *, host: str | None = None, refers_to: References = NONE) -> Rendered:
    """Renders Markdown. Links to `host` (by default the community's own) are internal. `refers_to`: the members,
    attachments and quotes that the text refers to.

    Never raises: a text that fails to render, or whose HTML would be many times its length, is shown as typed.
    """
    source = normalise(text)
    own_host = urlsplit(settings.SITE_URL).netloc if host is None else host
    try:
        marked = to_html(source, refers_to)
        own, quotes = _within(most_html(len(source) + refers_to.length), source, marked, own_host)
        excerpt = excerpt_of("".join(own)) or ("…" if quotes else "")
        return Rendered(put_together(own), excerpt, marked.people, quotes, tuple(marked.left_out))
    except Exception:  # noqa: BLE001 - no error in a library may lose a text
        _log.exception("A text of %d characters could not be rendered and is shown as typed", len(source))
        html = paragraphs(_without_quotations(source) if refers_to.cuts_quotes else source)
        return Rendered(html, excerpt_of(html))


def _within(most: int, source: str, marked: Marked, own_host: str) -> tuple[list[str], tuple[Quoted, ...]]:
    """Returns the safe HTML between the quotes, and the quotes; as typed if it would be longer than `most`."""
    if len(marked.html) <= most:  # otherwise do not sanitize it at all
        html = sanitise(marked.html, own_host)
        if len(html) <= most:
            return take_apart(html, marked.cited)
    return taken_apart(source, marked.cited, marked.left_out)


def names_in(text: str) -> list[str]:
    """Returns the keys of the names that a text mentions, to look up before rendering. Never raises."""
    source = normalise(text)
    try:
        return names_asked_for(source)
    except Exception:  # noqa: BLE001 - render() will fail in the same way, and log it
        return []


def _without_quotations(source: str) -> str:
    """Removes all quoted lines, since it is unknown who may read them."""
    return "\n".join(line for line in source.split("\n") if not line.lstrip(" \t").startswith(">"))
