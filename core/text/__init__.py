"""Turns what a member typed into what everybody reads. The public door is `render`."""

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

RENDERER_VERSION = (
    5  # one more whenever the same text gives other HTML: the texts of older versions are rendered again
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A text as it is shown. `html` is safe as it stands; `excerpt` is text, for a template to escape."""

    html: str
    excerpt: str
    people: tuple[int, ...] = ()  # the members it mentions, in order
    quotes: tuple[Quoted, ...] = ()  # cut out of `html`, where a mark stands for each
    left_out: tuple[Lines, ...] = ()  # of what was typed: quotes that stand where none may


def render(text: str, *, host: str | None = None, refers_to: References = NONE) -> Rendered:
    """Render Markdown. Links to `host`, which is the community's own by default, are internal. `refers_to`: what the
    text names, as forum.mentions.resolve found it.

    Never raises: a text that the renderer cannot take is shown as it was typed, and so is one of which it would make
    many times its length.
    """
    source = normalise(text)
    own_host = urlsplit(settings.SITE_URL).netloc if host is None else host
    try:
        marked = to_html(source, refers_to)
        own, quotes = _within(most_html(len(source) + refers_to.length), source, marked, own_host)
        excerpt = excerpt_of("".join(own)) or ("…" if quotes else "")
        return Rendered(put_together(own), excerpt, marked.people, quotes, tuple(marked.left_out))
    except Exception:  # noqa: BLE001 - whatever the libraries raise, nobody's text is lost
        _log.exception("A text of %d characters could not be rendered and is shown as typed", len(source))
        html = paragraphs(_without_quotations(source) if refers_to.cuts_quotes else source)
        return Rendered(html, excerpt_of(html))


def _within(most: int, source: str, marked: Marked, own_host: str) -> tuple[list[str], tuple[Quoted, ...]]:
    """The text between its quotes, and these, safe to show; as typed where they would be longer than `most`."""
    if len(marked.html) <= most:  # else the gates need not read it
        html = sanitise(marked.html, own_host)
        if len(html) <= most:
            return take_apart(html, marked.cited)
    return taken_apart(source, marked.cited, marked.left_out)


def names_in(text: str) -> list[str]:
    """The keys of the names that a text mentions: whom to look up before it is rendered. Never raises."""
    source = normalise(text)
    try:
        return names_asked_for(source)
    except Exception:  # noqa: BLE001 - render() will meet it again, and say so
        return []


def _without_quotations(source: str) -> str:
    """Which of them may be shown to whom is not known."""
    return "\n".join(line for line in source.split("\n") if not line.lstrip(" \t").startswith(">"))
