"""The form and the fields for attached files."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.text.attachments import ALT_MAX
from forum.attachments.links import keys_in
from forum.models.limits import ATTACHMENTS_PER_POST
from forum.web.form_fields import Line


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """One file or several, as a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        sent = data if isinstance(data, list | tuple) else [data]
        return [super(Files, self).clean(one, initial) for one in sent or [None]]


def few_attachments(body: str) -> None:
    count = len(keys_in(body))
    if count > ATTACHMENTS_PER_POST:
        raise ValidationError(f"A post has at most {ATTACHMENTS_PER_POST} attachments; yours has {count}.")


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
