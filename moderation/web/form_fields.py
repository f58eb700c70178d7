"""Form fields that several moderation forms use."""

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Rule
from core.web.request_values import is_number
from forum.models import Topic
from forum.web.form_fields import Line

TOPIC_ADDRESS = re.compile(r"(?:.*/t/)?([0-9]{1,18})(?:/.*)?")


TOO_LONG = {"max_length": "At most %(limit_value)d characters fit here; yours are %(show_value)d."}


class RuleField(forms.ModelChoiceField):
    """One of the rules that hold now."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            Rule.objects.current(), label=label, required=False, empty_label="None in particular", **kwargs
        )


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


LATEST = timedelta(days=5 * 366)


class Moment(forms.DateTimeField):
    """A moment to come, typed in the zone of whoever types."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def __init__(self, **kwargs: Any) -> None:
        wrong = {"invalid": "Give a date and a time, such as 2027-01-31 18:00."}
        super().__init__(error_messages=wrong, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is None:
            return None
        now = timezone.now()
        if not now < moment <= now + LATEST:
            raise forms.ValidationError("Give a moment to come, within the next five years.")
        return moment


class Numbers(forms.Field):
    """Ids that were ticked on the page before."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        said = [str(one) for one in value or ()]
        if not all(is_number(one, digits=18) for one in said):
            raise forms.ValidationError("That is no number of anything here.")
        return list(dict.fromkeys(int(one) for one in said))
