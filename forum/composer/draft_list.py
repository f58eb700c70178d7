"""Drafts as their author sees them in a list: where they belong, if that is still visible, and whether they can be
continued."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from core.text import graphemes
from forum.access.errors import ActionError, TopicIsClosed
from forum.composer.contexts import ComposerContext, EditContext, NewTopicContext, ReplyContext, find_contexts
from forum.models import Draft

EXCERPT_LENGTH = 200  # characters


@dataclass(frozen=True)
class DraftView:
    draft: Draft
    context: ComposerContext | None
    can_continue: bool
    is_closed: bool  # the topic is closed to new replies

    @property
    def heading(self) -> str:
        """What the draft is and where it belongs, as HTML."""
        title = format_html("<bdi>{}</bdi>", self.title)
        if isinstance(self.context, ReplyContext):
            return format_html(_("Reply in {title}"), title=title)
        if isinstance(self.context, NewTopicContext):
            return format_html(_("New topic in {title}"), title=title)
        if isinstance(self.context, EditContext):
            return format_html(_("Edit of a post in {title}"), title=title)
        return _("No longer available")

    @property
    def title(self) -> str:
        if isinstance(self.context, NewTopicContext):
            return self.context.section.name
        topic = self.context and (
            self.context.topic if isinstance(self.context, ReplyContext) else self.context.post.topic
        )
        return topic.title if topic else ""

    @property
    def poll(self) -> str:
        """The question and options of the poll, as they were typed."""
        fields = self.draft.poll
        return "\n".join(filter(None, (fields.get("poll_question"), fields.get("poll_options"))))

    @property
    def beginning(self) -> str:
        """The beginning of the text; the title is shown separately."""
        text = " ".join((self.draft.body or self.draft.reason or self.poll)[: 2 * EXCERPT_LENGTH].split())
        return graphemes.truncate_with_ellipsis(text, EXCERPT_LENGTH + 1)


def draft_views(drafts: Iterable[Draft], reader: User) -> list[DraftView]:
    drafts = list(drafts)
    contexts = find_contexts(reader, [draft.place for draft in drafts])
    return [_view(draft, contexts.get(draft.place), reader) for draft in drafts]


def _view(draft: Draft, context: ComposerContext | None, reader: User) -> DraftView:
    try:
        if context:
            context.require_may_write(reader)
    except ActionError as error:
        return DraftView(draft, context, can_continue=False, is_closed=isinstance(error, TopicIsClosed))
    return DraftView(draft, context, can_continue=context is not None, is_closed=False)
