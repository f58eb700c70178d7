"""The form and the fields for attached files."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy as _

from core.text.attachments import ALT_MAX
from core.web.preserved_input import Preserved
from forum.attachments.links import keys_in
from forum.models.attachment import ATTACHMENTS_PER_POST
from forum.web.form_fields import LineField

# The field of the file in AttachForm. A form that is submitted elsewhere has the name of the selected file in it.
FILE_FIELD = "attachment"


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """One or more files, as a list."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = data if isinstance(data, list | tuple) else [data]
        return [super(MultipleFileField, self).clean(upload, initial) for upload in uploads or [None]]


def validate_attachment_count(body: str) -> None:
    count = len(keys_in(body))
    if count > ATTACHMENTS_PER_POST:
        message = gettext("A post can have at most %(max)d attachments; yours has %(count)d.")
        raise ValidationError(message % {"max": ATTACHMENTS_PER_POST, "count": count})


class AttachForm(forms.Form):
    """Sent together with a text that is being written; `attach_to` is the URL of that page."""

    preserved = Preserved(unshown=(FILE_FIELD, "alt", "attach_to"))

    attachment = MultipleFileField(
        error_messages={
            "required": _("Select a file first."),
            "empty": _("The file is empty."),
            "invalid": _("Select a file first."),
        },
    )
    alt = LineField(
        max_length=ALT_MAX,
        required=False,
        error_messages={
            "max_length": _("Alt text can have at most %(limit_value)d characters; yours has %(show_value)d.")
        },
    )
    submission_key = forms.UUIDField(required=False)
    attach_to = forms.CharField(required=False, max_length=2_000)

    @property
    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")
