"""A member's picture, and why staff take one away."""

from django import forms

from accounts.models.log_entry import WHY_MAX


class PictureForm(forms.Form):
    picture = forms.FileField(
        label="New picture",
        help_text="PNG, JPEG, WebP or GIF, at most 10 MB. The middle of it is shown, in a circle.",
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp,.gif"}),
        max_length=1_000,
        error_messages={"required": "Choose a picture first.", "empty": "This file is empty."},
    )


class RemovePictureForm(forms.Form):
    why = forms.CharField(
        label="Reason",
        max_length=WHY_MAX,
        error_messages={"required": "Say why: staff explain what they change."},
        help_text="Kept in the log, where staff can read it.",
    )
