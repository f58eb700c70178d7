"""Cleaning what was typed. Who may do what is not decided here."""

from typing import Any
from uuid import uuid4

from django import forms

from core.diffs.merge import has_marks
from forum.attachments.forms import AttachForm, few_attachments
from forum.models.limits import BODY_MAX, REASON_MAX, TITLE_MAX
from forum.polls.forms import POLL_FIELDS, PollAsTyped, WithPoll, poll_typed
from forum.web.form_base import Submission, Versioned
from forum.web.form_fields import AsTyped, Line, Text


class WithAttachments(forms.Form):
    """A text to which something may be attached, by a button of its own where scripts do not run."""

    def clean(self) -> dict[str, Any]:
        if chosen := self.data.get(AttachForm.CHOSEN):
            self.add_error(
                "body",
                f"You chose {chosen} and did not attach it. Choose it again and press “Attach”, or send the text as"
                " it is.",
            )
        return super().clean() or self.cleaned_data


class ReplyForm(WithAttachments, Submission):
    body = Text(
        label="Your answer",
        max_length=BODY_MAX,
        validators=[few_attachments],
        rows=6,
        mentions=True,
        error_messages={
            "required": "Your answer has no text yet.",
            "max_length": "An answer has at most %(limit_value)d characters; yours has %(show_value)d.",
        },
    )


class TopicForm(WithAttachments, Submission, WithPoll):
    field_order = ["title", "body"]

    title = Line(
        label="Title",
        max_length=TITLE_MAX,
        error_messages={
            "required": "Give your topic a title.",
            "max_length": "A title has at most %(limit_value)d characters; yours has %(show_value)d.",
        },
    )
    body = Text(
        label="Text",
        max_length=BODY_MAX,
        validators=[few_attachments],
        rows=12,
        mentions=True,
        error_messages={
            "required": "Your topic has no text yet.",
            "max_length": "A post has at most %(limit_value)d characters; yours has %(show_value)d.",
        },
    )


class EditForm(WithAttachments, Versioned):
    # Only its drafts and attachments ask: an edit that is sent again is known by its text.
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    body = Text(
        label="Text",
        max_length=BODY_MAX,
        validators=[few_attachments],
        rows=12,
        mentions=True,
        error_messages={
            "required": "A post cannot be empty.",
            "max_length": "A post has at most %(limit_value)d characters; yours has %(show_value)d.",
        },
    )
    field_order = ["body", "reason"]

    def restart_from_title(self, title: str, version: int) -> None:
        """As `restart_from`, of the title that an original post's form holds too."""
        self.data = {**dict(self.data.items()), "title_was": title, "title_version": str(version)}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if has_marks(body):
            raise forms.ValidationError(
                "A place where two changes meet is still marked: keep what shall stand."
            )
        return body


class OriginalEditForm(EditForm):
    """An original post, with the title of its topic. `title_was`: what its writer found there."""

    title = Line(label="Title", max_length=TITLE_MAX, error_messages={"required": "Give your topic a title."})
    title_was = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    title_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    field_order = ["title", "body", "reason"]


class DraftForm(PollAsTyped):
    """What has been typed so far, whatever form it was typed into."""

    place = forms.RegexField(r"^(reply|topic|edit):[0-9]{1,18}$", max_length=40)
    draft = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    submission_key = forms.UUIDField(required=False)
    title = AsTyped("A title", TITLE_MAX)
    body = AsTyped("A post", BODY_MAX)
    reason = AsTyped("A reason", REASON_MAX)

    @property
    def terms(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        draft, based_on = said.pop("draft"), said.pop("version")
        poll = poll_typed({name: said.pop(name) for name in POLL_FIELDS})
        return {**said, "poll": poll, "version": draft or 0, "based_on": based_on}
