"""The text of a post. It is prepared once, before anything is locked: others wait for a row, never for the renderer.
What checks the text and what writes it share the result, so that nothing parses or searches the text again."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Person, User
from accounts.rate_limiting.turns import exclusive_turn
from core.text import RENDERER_VERSION, Rendered, Source
from core.text.references import References
from forum.attachments.links import (
    Keys,
    attachments_in,
    attachments_in_quotes,
    claim_for_post,
    keys_in,
    protect_from_cleanup,
)
from forum.mentions.mentions import mentioned_members, update_mentions
from forum.models import PendingPost, Post, Quote, Section, Topic
from forum.quotes.create import find_quotes, save_quotes
from forum.quotes.display import DRAFT, quotes_in_draft
from forum.search_index.lexemes import Lexemes
from forum.search_index.store import index_text, text_lexemes
from forum.thanks.detector import is_only_thanks


@dataclass(frozen=True)
class PostText:
    """A text, and all that was found in it."""

    body: str
    rendered: Rendered
    quotes: list[Quote]  # rows that are not saved yet
    attachment_keys: Keys
    is_thanks: bool  # it says nothing else
    lexemes: Lexemes  # for the search index

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a post with this text."""
        return {"body": self.body, **rendered_columns(self.rendered)}


def rendered_columns(rendered: Rendered) -> dict[str, Any]:
    """Returns the columns of a post that change when its text is rendered again."""
    return {"html": rendered.html, "excerpt": rendered.excerpt, "renderer": RENDERER_VERSION}


def prepare_text(
    body: str, *, by: User, section: Section, post: Post | None = None, is_approved: bool = False
) -> PostText:
    """Prepares a text that `by` sends as a new post, or as an edit of `post`. `is_approved`: it was sent before and
    waited for staff, so it needs no turn."""
    keys = keys_in(body)
    protect_from_cleanup(keys, by, post.author if post else by)
    with exclusive_turn(by=by, length=0 if is_approved else len(body), twice=True):
        rendered, quotes = _render(body, keys, by=by, section=section, post=post)
        lexemes = text_lexemes(rendered.html, section)
    return PostText(body, rendered, quotes, keys, is_only_thanks(body), lexemes)


def preview_html(
    body: str, *, by: User, section: Section, topic: Topic | None, post: Post | None = None
) -> str:
    """Returns a text as its writer would see it if it were posted there."""
    with exclusive_turn(by=by, length=len(body)):
        rendered, quotes = _render(body, keys_in(body), by=by, section=section, post=post)
    return quotes_in_draft(quotes, by, section=section, topic=topic).fill(DRAFT, rendered.html)


def pending_html(pending: PendingPost, reader: Person) -> str:
    """Returns the text of a pending post, with the quotes that this reader may see."""
    body, section = pending.body, pending.current_section
    rendered, quotes = _render(body, keys_in(body), by=pending.author, section=section)
    return quotes_in_draft(quotes, reader, section=section, topic=pending.topic).fill(DRAFT, rendered.html)


def _render(
    body: str, keys: Keys, *, by: User, section: Section, post: Post | None = None
) -> tuple[Rendered, list[Quote]]:
    """Returns the rendered text and its quotes."""
    source = Source(body)
    rendered = source.render(refers_to=references_in(source, keys, by=by, section=section, post=post))
    return rendered, find_quotes(rendered, by=by)


def references_in(
    source: Source, keys: Keys, *, by: User, section: Section, post: Post | None = None
) -> References:
    """Returns the members and attachments that a text of `by` refers to, if they exist and its author may use them in
    this section. The author is that of `post`, if `by` edits one."""
    author = post.author if post else by
    return References(
        people=mentioned_members(source.names(), section),
        attached=attachments_in(keys, author=author, editor=by, post=post),
        attachments_of_quotes=attachments_in_quotes(keys, source.typed),
        cuts_quotes=True,
    )


def save_references(post: Post, text: PostText, *, by: User) -> None:
    """Saves what the text of the post refers to: its attachments, mentions and quotes; and its entry in the search
    index. Call it in the transaction that writes the text, under its locks."""
    claim_for_post(post, text.attachment_keys, by=by)
    update_mentions(post, text.rendered, is_new=not post.is_edited)
    save_quotes(post, text.quotes)
    index_text(post, text.lexemes)
