"""Cleaning what was typed. Who may do what is not decided here."""

from typing import Any
from uuid import uuid4

from django import forms
from django.forms import Form

from forum.bounds import BODY_MAX, NOTE_MAX, REASON_MAX, TITLE_MAX
from forum.fields import AsTyped, Files, Line, Text, few_attachments
from forum.merging import has_marks
from forum.poll_forms import POLL_FIELDS, PollAsTyped, WithPoll, poll_typed
from forum.rendering.attachments import ALT_MAX


class Submission(forms.Form):
    """A form that makes something: its hidden key lets the same submission arrive twice and count once."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


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


class Reasoned(forms.Form):
    reason = Line(
        label="Reason",
        max_length=REASON_MAX,
        required=False,
        help_text="One line, shown with the change.",
        error_messages={"required": "Say why: staff explain what they change."},
    )

    def __init__(self, *args: object, reason_required: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["reason"].required = reason_required


class Versioned(Reasoned):
    """A form that says which version its writer started from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def restart_from(self, version: int) -> None:
        """Let the same text be sent again, now knowing of this version."""
        self.data = {**dict(self.data.items()), "version": str(version)}


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


class NoteForm(forms.Form):
    note = Line(label="Your note", max_length=NOTE_MAX, required=False, help_text="One line, for yourself.")


class RetitleForm(Versioned):
    title = Line(label="Title", max_length=TITLE_MAX, error_messages={"required": "Give your topic a title."})
    field_order = ["title", "reason"]


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


def as_typed(form: Form) -> dict[str, Any]:
    """The fields of a form that was posted, to show them again without a word about what is wrong."""
    return {name: form.data.get(name, "") for name in form.fields}


class AttachForm(forms.Form):
    """Sent along with a text that is being written; `attach_to` is the page on which that is done."""

    CHOSEN = (
        "attachment"  # the field of the file; a form that is not sent to attach it says the name of the file
    )

    attachment = Files(
        error_messages={
            "required": "Choose a picture or a file first.",
            "empty": "It is empty.",
            "invalid": "Choose a picture or a file first.",
        },
    )
    alt = Line(
        max_length=ALT_MAX,
        required=False,
        error_messages={
            "max_length": "What the picture shows has at most %(limit_value)d characters; yours has %(show_value)d."
        },
    )
    submission_key = forms.UUIDField(required=False)
    attach_to = forms.CharField(required=False, max_length=2_000)

    @property
    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")
