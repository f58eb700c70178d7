"""The note on a saved post."""

from django import forms

from forum.models.limits import NOTE_MAX
from forum.web.form_fields import Line


class NoteForm(forms.Form):
    note = Line(label="Your note", max_length=NOTE_MAX, required=False, help_text="One line, for yourself.")
