"""Base classes of the forum’s forms."""

from typing import Any
from uuid import uuid4

from django import forms
from django.forms import Form
from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import REASON_MAX
from forum.web.form_fields import LineField


class SubmissionForm(forms.Form):
    """A form that creates something. Its hidden key makes sure that a repeated submission counts once."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ReasonForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("One line, shown with the change."),
        error_messages={"required": _("Please give a reason for changing another member’s text.")},
    )

    def __init__(self, *args: object, reason_required: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["reason"].required = reason_required


class VersionedForm(ReasonForm):
    """A form that sends the version its writer started from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def set_base_version(self, version: int) -> None:
        """Lets the same text be sent again on top of this version."""
        self.data = {**dict(self.data.items()), "version": str(version)}


def posted_fields(form: Form) -> dict[str, Any]:
    """Returns the posted fields, to show them again without errors."""
    return {name: form.data.get(name, "") for name in form.fields}
