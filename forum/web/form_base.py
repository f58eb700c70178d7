"""What the forms of the forum share."""

from typing import Any
from uuid import uuid4

from django import forms
from django.forms import Form

from forum.models.limits import REASON_MAX
from forum.web.form_fields import Line


class Submission(forms.Form):
    """A form that makes something: its hidden key lets the same submission arrive twice and count once."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


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


def as_typed(form: Form) -> dict[str, Any]:
    """The fields of a form that was posted, to show them again without a word about what is wrong."""
    return {name: form.data.get(name, "") for name in form.fields}
