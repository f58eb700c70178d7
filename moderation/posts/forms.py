"""The forms for what staff do with a post."""

from typing import Any

from django import forms

from forum.models.limits import BODY_MAX, REASON_MAX
from forum.web.form_base import Reasoned, Submission
from forum.web.form_fields import Line, Text
from moderation.web.form_fields import TOO_LONG, RuleField


class RemoveForm(Reasoned):
    reason = Line(
        label="Why is it taken away?",
        max_length=REASON_MAX,
        required=False,
        help_text="Shown in the place where the post stood.",
        error_messages={**TOO_LONG, "required": "Say why: its author will ask."},
    )
    rule = RuleField("Which rule does it break?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.fields["reason"].required:  # authors take back what is theirs, by no rule
            del self.fields["rule"]


class HideRevisionForm(forms.Form):
    reason = Line(
        label="Why is it hidden?",
        max_length=REASON_MAX,
        help_text="Everybody who reads the history sees this.",
        error_messages={**TOO_LONG, "required": "Say why: its author will ask."},
    )


class HighlightForm(forms.Form):
    """Which revision staff looked at when they decided."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class StaffReplyForm(Submission):
    body = Text(
        label="Your note for staff",
        max_length=BODY_MAX,
        rows=6,
        error_messages={**TOO_LONG, "required": "It has no text yet."},
    )
    post = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
