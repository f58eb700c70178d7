"""Cleaning what was typed on the pages of staff and in a report."""

from typing import Any

from django import forms

from accounts.models import Rule
from core.web.conditional_fields import needed_when
from forum.models.limits import COMMENT_MAX
from forum.web.form_fields import Text
from moderation.models import Report
from moderation.web.form_fields import TOO_LONG, RuleField


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why are you reporting this post?",
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what fits best."},
    )
    rule = RuleField("Which rule does it break?")
    comment = needed_when(
        Text(
            label="Any additional comments?",
            max_length=COMMENT_MAX,
            required=False,
            rows=4,
            error_messages={**TOO_LONG, "required": "Say what it is, so that moderators know where to look."},
        ),
        "reason",
        Report.Reason.OTHER,
        words="required for “Something else”",
    )
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Rule.objects.current().exists():
            del self.fields["rule"]

    def clean(self) -> None:
        comment, reason = self.cleaned_data.get("comment"), self.cleaned_data.get("reason")
        if reason == Report.Reason.OTHER and comment == "":
            self.add_error("comment", self.fields["comment"].error_messages["required"])
