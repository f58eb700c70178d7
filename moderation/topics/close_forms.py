"""The forms for closing and reopening a topic."""

from typing import Any

from django import forms

from accounts.models import User
from forum.models import Topic
from forum.models.limits import REASON_MAX
from forum.web.form_fields import Line
from moderation.topics.close import may_be_read_instead
from moderation.web.form_fields import TOO_LONG, RuleField, TopicField


class CloseForm(forms.Form):
    reason = Line(
        label="Why is this topic closed?",
        max_length=REASON_MAX,
        help_text="Everybody who reads the topic sees this.",
        error_messages={**TOO_LONG, "required": "Say why: those who wanted to answer will ask."},
    )
    rule = RuleField("Which rule does this rest on?")
    read_instead = TopicField(
        label="A topic to read instead",
        required=False,
        help_text="Its address, for those who arrive here late.",
    )

    def __init__(self, *args: Any, topic: Topic, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic, self.by = topic, by

    def clean_read_instead(self) -> Topic | None:
        other = self.cleaned_data["read_instead"]
        if other and not may_be_read_instead(other, of=self.topic, by=self.by):
            raise forms.ValidationError("Give the address of another topic.")
        return other


class ReopenForm(forms.Form):
    reason = Line(
        label="Reason for reopening",
        max_length=REASON_MAX,
        error_messages={**TOO_LONG, "required": "Say why: whoever closed it will ask."},
    )
