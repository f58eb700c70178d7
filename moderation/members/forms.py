"""What is asked of staff who act on a member."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from accounts.models import Rule, Sanction
from accounts.models.log_entry import WHY_MAX
from core.web.conditional_fields import needed_when
from forum.models.limits import COMMENT_MAX
from forum.web.form_fields import Line, Text

TOO_LONG = {"max_length": "At most %(limit_value)d characters fit here; yours are %(show_value)d."}
FURTHEST = timedelta(days=3_660)
HOW_LONG = {
    "1": "One day",
    "3": "Three days",
    "7": "A week",
    "30": "A month",
    "365": "A year",
    "date": "Until a date",
    "good": "Permanently",
}
# What is begun with, and what does not belong to a kind.
BEGINS = {Sanction.Kind.WARNING: "30", Sanction.Kind.SILENCE: "3", Sanction.Kind.SUSPENSION: "7"}
LEFT_OUT = {
    Sanction.Kind.WARNING: {"1", "3"},
    Sanction.Kind.SILENCE: set[str](),
    Sanction.Kind.SUSPENSION: set[str](),
}
COUNTS_FOR = {
    Sanction.Kind.WARNING: "How long does it count?",
    Sanction.Kind.SILENCE: "For how long?",
    Sanction.Kind.SUSPENSION: "For how long?",
}


class Reason(forms.Form):
    """Why, under which rule; the member is told both."""

    reason = Line(
        label="Why?",
        max_length=WHY_MAX,
        help_text="The member reads this.",
        error_messages={**TOO_LONG, "required": "Say why: the member will ask."},
    )
    rule = forms.ModelChoiceField(
        Rule.objects.current(), label="Which rule?", required=False, empty_label="None in particular"
    )


class SanctionForm(Reason):
    how_long = forms.ChoiceField(label="For how long?", widget=forms.RadioSelect)
    date = needed_when(
        forms.DateField(
            label="Until",
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
            help_text="The beginning of that day, in your time zone.",
            error_messages={"invalid": "Give a date such as 2027-01-31."},
        ),
        "how_long",
        "date",
        words=f"required for “{HOW_LONG['date']}”",
        only_then=True,
    )
    # The newest sanction that stood on the page: a later one has to be seen first.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1)

    def __init__(self, *args: Any, kind: Sanction.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, words) for value, words in HOW_LONG.items() if value not in LEFT_OUT[kind]]
        how_long = self.fields["how_long"]
        how_long.choices, how_long.label, how_long.initial = choices, COUNTS_FOR[kind], BEGINS[kind]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("how_long") == "date" and "date" not in self.errors:
            now = timezone.now()
            until = _beginning(said["date"]) if said.get("date") else None
            if until is None:
                self.add_error("date", "Say until when.")
            elif not now < until < now + FURTHEST:
                self.add_error("date", "Give a day to come, within ten years; or choose “Permanently”.")
        return said

    def look_at(self, sanction: Sanction) -> None:
        """Of a form that came too late: it goes on from this one."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": str(sanction.pk)}

    @property
    def until(self) -> datetime | None:
        """Of a form that is right; None: for good."""
        how_long = self.cleaned_data["how_long"]
        if how_long == "good":
            return None
        if how_long == "date":
            return _beginning(self.cleaned_data["date"])
        return timezone.now() + timedelta(days=int(how_long))


class LiftForm(forms.Form):
    reason = Line(
        label="Why?",
        max_length=WHY_MAX,
        required=False,
        help_text="Kept in the log, for staff. The member is told that it is lifted.",
        error_messages=TOO_LONG,
    )


class RemoveEverythingForm(Reason):
    suspend = forms.BooleanField(label="Also suspend the account permanently", required=False)


class NoteForm(forms.Form):
    text = Text(
        label="A note for other staff",
        max_length=COMMENT_MAX,
        rows=3,
        error_messages={**TOO_LONG, "required": "The note has no text yet."},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class WhyForm(forms.Form):
    """A look at what is nobody's business without a reason."""

    why = Line(
        label="Why do you have to know?",
        max_length=WHY_MAX,
        help_text="Kept in the log, where all staff can read it.",
        error_messages={**TOO_LONG, "required": "Say why: it stands in the log."},
    )


class LookUpForm(WhyForm):
    field_order = ["said", "why"]

    said = Line(
        label="Address",
        max_length=254,
        help_text="On the net, such as 192.0.2.7 or 192.0.2.0/24; or an e-mail address, or its end: @example.org.",
        error_messages={**TOO_LONG, "required": "Say what to look for."},
    )


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())
