"""Form fields that several moderation forms use."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import Rule
from core.web.request_values import is_number
from forum.models import Topic
from forum.web.form_fields import LineField

MAX_AHEAD = timedelta(days=5 * 366)  # of an auto-close, and of the end of a pin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOPIC_LINK = re.compile(r"(?:.*/t/)?([0-9]{1,18})(?:/.*)?")
TOO_LONG = {"max_length": _("Use at most %(limit_value)d characters. This has %(show_value)d.")}


class RuleField(forms.ModelChoiceField):
    """One of the current community rules."""

    def __init__(self, label: "StrOrPromise", **kwargs: Any) -> None:
        super().__init__(
            Rule.objects.current(), label=label, required=False, empty_label=_("No specific rule"), **kwargs
        )


class TopicField(LineField):
    """A topic, entered as its link or as the number in the link. Cleans to the Topic."""

    default_error_messages = {"invalid": _("Enter the link of a topic, such as /t/12/its-title/.")}

    def clean(self, value: Any) -> Topic | None:
        text = super().clean(value)
        if not text:
            return None
        match = TOPIC_LINK.fullmatch(text)
        topic = match and Topic.objects.select_related("section").filter(pk=int(match[1])).first()
        if not topic:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return topic


class FutureDateTimeField(forms.DateTimeField):
    """A date and time in the future, in the time zone of the user."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def __init__(self, **kwargs: Any) -> None:
        error_messages = {"invalid": _("Enter a date and time, such as 2027-01-31 18:00.")}
        super().__init__(error_messages=error_messages, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is None:
            return None
        now = timezone.now()
        if not now < moment <= now + MAX_AHEAD:
            raise forms.ValidationError(gettext("Enter a date and time within the next five years."))
        return moment


class IdsField(forms.Field):
    """Ids that were selected on the previous page."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        items = [str(item) for item in value or ()]
        if not all(is_number(item, digits=18) for item in items):
            raise forms.ValidationError(gettext("Invalid selection. Go back and select again."))
        return list(dict.fromkeys(int(item) for item in items))
