"""Forms for what staff do with a post."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.models.maximum_lengths import BODY_MAX, REASON_MAX
from forum.web.form_base import ReasonForm, SubmissionForm
from forum.web.form_fields import LineField, TextField
from moderation.web.form_fields import TOO_LONG, RuleField


class RemoveForm(ReasonForm):
    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("Shown in the topic in place of the post."),
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )
    rule = RuleField(_("Rule"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.fields["reason"].required:  # authors who delete their own post break no rule
            del self.fields["rule"]


class HideRevisionForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        help_text=_("Shown to everyone who can see the edit history."),
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )


class HighlightForm(forms.Form):
    """The revision that staff saw when they decided."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class StaffReplyForm(SubmissionForm):
    body = TextField(
        label=_("Note"),
        max_length=BODY_MAX,
        rows=6,
        error_messages={**TOO_LONG, "required": _("Enter a note.")},
    )
    post = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
