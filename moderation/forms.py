"""Cleaning what was typed on the pages of staff and in a report."""

import re
from typing import Any

from django import forms

from accounts.forms.conditional import needed_when
from accounts.models import Rule, User
from forum.bounds import COMMENT_MAX, REASON_MAX
from forum.fields import Line, Text
from forum.forms import Reasoned
from forum.models import Topic
from moderation.closing import may_be_read_instead
from moderation.models import Report

TOPIC_ADDRESS = re.compile(r"(?:.*/t/)?([0-9]{1,18})(?:/.*)?")
TOO_LONG = {"max_length": "At most %(limit_value)d characters fit here; yours are %(show_value)d."}


class RuleField(forms.ModelChoiceField):
    """One of the rules that hold now."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            Rule.objects.current(), label=label, required=False, empty_label="None in particular", **kwargs
        )


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


class TopicField(Line):
    """A topic given by its address, or by the number in it. Cleans to the Topic."""

    default_error_messages = {"invalid": "Give the address of a topic, such as /t/12/its-title/."}

    def clean(self, value: Any) -> Topic | None:
        said = super().clean(value)
        if not said:
            return None
        address = TOPIC_ADDRESS.fullmatch(said)
        topic = address and Topic.objects.select_related("section").filter(pk=int(address[1])).first()
        if not topic:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return topic


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


class RefuseWaitingForm(Reasoned):
    reason = Line(
        label="Why is it not let in?",
        max_length=REASON_MAX,
        required=False,
        help_text="Its writer is told this, and nobody else but staff.",
        error_messages={**TOO_LONG, "required": "Say why: its writer will ask."},
    )


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
