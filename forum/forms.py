"""Cleaning what was typed. Who may do what is not decided here."""

from uuid import uuid4

from django import forms

from forum.bounds import BODY_MAX, REASON_MAX, TITLE_MAX
from forum.fields import Line, Text


class Submission(forms.Form):
    """A form that makes something: its hidden key lets the same submission arrive twice and count once."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ReplyForm(Submission):
    body = Text(
        label="Your answer",
        max_length=BODY_MAX,
        rows=6,
        mentions=True,
        error_messages={
            "required": "Your answer has no text yet.",
            "max_length": "An answer has at most %(limit_value)d characters; yours has %(show_value)d.",
        },
    )


class TopicForm(Submission):
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


class EditForm(Versioned):
    body = Text(
        label="Text",
        max_length=BODY_MAX,
        rows=12,
        mentions=True,
        error_messages={
            "required": "A post cannot be empty.",
            "max_length": "A post has at most %(limit_value)d characters; yours has %(show_value)d.",
        },
    )
    field_order = ["body", "reason"]


class RetitleForm(Versioned):
    title = Line(label="Title", max_length=TITLE_MAX, error_messages={"required": "Give your topic a title."})
    field_order = ["title", "reason"]
