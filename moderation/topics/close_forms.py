"""Forms for closing and reopening a topic."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import User
from forum.models import Topic
from forum.models.maximum_lengths import REASON_MAX
from forum.web.form_fields import LineField
from moderation.topics.close import can_be_read_instead
from moderation.web.form_fields import TOO_LONG, RuleField, TopicField


class CloseForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        help_text=_("Shown to everyone who reads the topic."),
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )
    rule = RuleField(_("Rule"))
    read_instead = TopicField(
        label=_("Related topic"),
        required=False,
        help_text=_("The link of a topic to read instead. It is shown in this topic."),
    )

    def __init__(self, *args: Any, topic: Topic, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic, self.by = topic, by

    def clean_read_instead(self) -> Topic | None:
        other = self.cleaned_data["read_instead"]
        if other and not can_be_read_instead(other, of=self.topic, by=self.by):
            raise forms.ValidationError(gettext("Enter the link of another topic."))
        return other


class ReopenForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )
