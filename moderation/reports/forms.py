"""The form for reporting a post."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Rule
from core.web.conditional_fields import required_when
from core.web.preserved_input import Preserved
from forum.models.maximum_lengths import COMMENT_MAX
from forum.web.form_fields import TextField
from moderation.models import Report
from moderation.web.form_fields import TOO_LONG, RuleField


class ReportForm(forms.Form):
    preserved = Preserved(labels={"comment": _("Your comment")}, unshown=("rule",))
    reason = forms.ChoiceField(
        label=_("Why are you reporting this post?"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select a reason.")},
    )
    rule = RuleField(_("Rule broken"))
    comment = required_when(
        TextField(
            label=_("Comment"),
            max_length=COMMENT_MAX,
            required=False,
            rows=4,
            error_messages={**TOO_LONG, "required": _("Please describe what is wrong with the post.")},
        ),
        "reason",
        Report.Reason.OTHER,
        hint=_("required for “Something else”"),
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
