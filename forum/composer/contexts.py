"""What the composer writes: a reply in a topic, a new topic in a section, or an edit of a post. One class for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.web.request_values import is_number
from forum.access import permissions
from forum.access.require import require_may_edit, require_may_reply, require_may_start_topic
from forum.composer.forms import EditForm, OriginalEditForm, ReplyForm, TopicForm
from forum.models import Post, Section, TitleChange, Topic
from forum.models.draft import edit_draft_key, reply_draft_key, topic_draft_key
from forum.quotes.display import revision_key
from forum.quotes.edit_placeholders import QuotePlaceholders

FieldValues = Mapping[str, Any] | None


@dataclass(frozen=True)
class ReplyContext:
    topic: Topic
    post: ClassVar[Post | None] = None
    act: ClassVar = "reply"
    submit_label: ClassVar = _("Post reply")
    busy_label: ClassVar = _("Posting…")
    template: ClassVar = "forum/composer/reply.html"

    @property
    def draft_key(self) -> str:
        return reply_draft_key(self.topic.pk)

    @property
    def section(self) -> Section:
        return self.topic.section

    @property
    def url(self) -> str:
        """The URL of the page with the form, to which the form is sent too."""
        return self.topic.url_for("reply")

    @property
    def back_url(self) -> str:
        return self.topic.get_absolute_url()

    @property
    def new_replies_url(self) -> str:
        """The URL that returns new replies."""
        return self.topic.url_for("since")

    @property
    def template_context(self) -> dict[str, Any]:
        return {"topic": self.topic}

    def require_may_write(self, by: User) -> None:
        require_may_reply(by, self.topic)

    def form(self, by: User, data: FieldValues = None, initial: FieldValues = None) -> Form:
        return ReplyForm(data, initial={**(initial or {})})


@dataclass(frozen=True)
class NewTopicContext:
    section: Section
    topic: ClassVar[Topic | None] = None
    post: ClassVar[Post | None] = None
    act: ClassVar = "start"
    submit_label: ClassVar = _("Post topic")
    busy_label: ClassVar = _("Posting…")
    template: ClassVar = "forum/composer/new_topic.html"

    @property
    def draft_key(self) -> str:
        return topic_draft_key(self.section.pk)

    @property
    def url(self) -> str:
        return reverse("forum:new_topic", args=[self.section.slug])

    @property
    def back_url(self) -> str:
        return self.section.get_absolute_url()

    @property
    def template_context(self) -> dict[str, Any]:
        return {"section": self.section}

    def require_may_write(self, by: User) -> None:
        require_may_start_topic(by, self.section)

    def form(self, by: User, data: FieldValues = None, initial: FieldValues = None) -> Form:
        return TopicForm(data, initial={**(initial or {})})


@dataclass(frozen=True)
class EditContext:
    post: Post
    act: ClassVar = "edit"
    submit_label: ClassVar = _("Save changes")
    busy_label: ClassVar = _("Saving…")
    template: ClassVar = "forum/composer/edit.html"

    @property
    def draft_key(self) -> str:
        return edit_draft_key(self.post.pk)

    @property
    def topic(self) -> Topic:
        return self.post.topic

    @property
    def section(self) -> Section:
        return self.post.topic.section

    @property
    def url(self) -> str:
        return self.post.url_for("edit")

    @property
    def back_url(self) -> str:
        return self.post.get_absolute_url()

    @property
    def template_context(self) -> dict[str, Any]:
        return {"post": self.post}

    def require_may_write(self, by: User) -> None:
        require_may_edit(by, self.post)

    def form(self, by: User, data: FieldValues = None, initial: FieldValues = None) -> EditForm:
        body = QuotePlaceholders(by).insert(revision_key(self.post), self.post.body) if data is None else ""
        values = {"body": body, "version": self.post.version, **(initial or {})}
        with_title = (
            self.post.is_original
            and permissions.can_rename(by, self.topic)
            and (data is None or "title" in data)  # a form with only the text is accepted too
        )
        form_class = OriginalEditForm if with_title else EditForm
        if with_title and data is None:
            values |= _title_fields(self.topic, values)
        return form_class(data, initial=values, reason_required=permissions.edit_needs_reason(by, self.post))


def _title_fields(topic: Topic, initial: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the initial title fields. `initial`: the other initial values, maybe from a draft or preserved input. If
    the title was changed after the draft was saved, an untouched title in the draft becomes the new one; an edited
    title keeps its base, so that sending it raises TitleConflict."""
    current = {"title": topic.title, "title_was": topic.title, "title_version": topic.title_version}
    if not initial.get("title"):
        return current
    if "title_was" in initial:
        return {}
    change = _change_after(topic, initial.get("drafted_at"))
    if change is None:
        return {**current, "title": initial["title"]}
    if initial["title"] == change.was:
        return current
    return {"title_was": change.was, "title_version": change.number - 1}


def _change_after(topic: Topic, saved_at: datetime | None) -> TitleChange | None:
    if saved_at is None or topic.title_version == 1:
        return None
    return topic.title_changes.filter(changed_at__gt=saved_at).order_by("number").first()


ComposerContext = ReplyContext | NewTopicContext | EditContext


def find_context(person: User, draft_key: str) -> ComposerContext | None:
    """Returns the context of a draft key, if this person may see it."""
    return find_contexts(person, [draft_key]).get(draft_key)


def find_contexts(person: User, draft_keys: Iterable[str]) -> dict[str, ComposerContext]:
    """Returns the contexts of those draft keys that this person may see, with one query for each kind."""
    requested: dict[str, list[int]] = {}
    for draft_key in draft_keys:
        kind, number = draft_key.partition(":")[::2]
        if is_number(number, digits=18):
            requested.setdefault(kind, []).append(int(number))
    contexts: list[ComposerContext] = []
    if pks := requested.get("reply"):
        contexts += map(ReplyContext, Topic.objects.visible_to(person).with_state().filter(pk__in=pks))
    if pks := requested.get("topic"):
        contexts += map(NewTopicContext, Section.objects.visible_to(person).filter(pk__in=pks))
    if pks := requested.get("edit"):
        contexts += map(
            EditContext, Post.objects.visible_to(person).with_details().with_topic().filter(pk__in=pks)
        )
    return {context.draft_key: context for context in contexts}
