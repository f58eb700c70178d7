"""The note of a bookmark."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import NOTE_MAX
from forum.web.form_fields import LineField


class NoteForm(forms.Form):
    note = LineField(
        label=_("Note"), max_length=NOTE_MAX, required=False, help_text=_("Only you can see it.")
    )
