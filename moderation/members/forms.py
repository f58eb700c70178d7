"""Forms for what staff do about a member."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import Rule, Sanction
from accounts.models.log_entry import REASON_MAX
from core.web.conditional_fields import required_when
from forum.models.maximum_lengths import COMMENT_MAX
from forum.web.form_fields import LineField, TextField
from moderation.web.form_fields import TOO_LONG

MAX_DURATION = timedelta(days=3_660)
DURATIONS = {
    "1": _("1 day"),
    "3": _("3 days"),
    "7": _("1 week"),
    "30": _("1 month"),
    "365": _("1 year"),
    "date": _("Custom date"),
    "good": _("Permanent"),
}
# The initial choice of each kind, and the choices that it does not offer.
INITIAL_DURATION = {Sanction.Kind.WARNING: "30", Sanction.Kind.SILENCE: "3", Sanction.Kind.SUSPENSION: "7"}
EXCLUDED_DURATIONS = {
    Sanction.Kind.WARNING: {"1", "3"},
    Sanction.Kind.SILENCE: set[str](),
    Sanction.Kind.SUSPENSION: set[str](),
}
DURATION_LABELS = {
    Sanction.Kind.WARNING: _("Expires after"),
    Sanction.Kind.SILENCE: _("Duration"),
    Sanction.Kind.SUSPENSION: _("Duration"),
}


class ReasonForm(forms.Form):
    """The reason and the rule, which the member sees."""

    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        help_text=_("Shown to the member."),
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )
    rule = forms.ModelChoiceField(
        Rule.objects.current(), label=_("Rule"), required=False, empty_label=_("No specific rule")
    )


class SanctionForm(ReasonForm):
    how_long = forms.ChoiceField(label=_("Duration"), widget=forms.RadioSelect)
    date = required_when(
        forms.DateField(
            label=_("End date"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
            help_text=_("The sanction ends at 00:00 on this day, in your time zone."),
            error_messages={"invalid": _("Enter a date, such as 2027-01-31.")},
        ),
        "how_long",
        "date",
        hint=_("required for “Custom date”"),
        only_then=True,
    )
    # The newest sanction that the page showed: staff have to see a newer one before they add another.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1)

    def __init__(self, *args: Any, kind: Sanction.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        choices = [
            (value, label) for value, label in DURATIONS.items() if value not in EXCLUDED_DURATIONS[kind]
        ]
        how_long = self.fields["how_long"]
        how_long.choices = choices  # type: ignore[attr-defined]
        how_long.label, how_long.initial = DURATION_LABELS[kind], INITIAL_DURATION[kind]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("how_long") == "date" and "date" not in self.errors:
            now = timezone.now()
            until = _start_of_day(cleaned["date"]) if cleaned.get("date") else None
            if until is None:
                self.add_error("date", gettext("Enter an end date."))
            elif not now < until < now + MAX_DURATION:
                self.add_error(
                    "date", gettext("Enter a date within the next ten years, or choose “Permanent”.")
                )
        return cleaned

    def mark_as_seen(self, sanction: Sanction) -> None:
        """Marks this sanction as seen, so that the form can be sent again."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": str(sanction.pk)}

    @property
    def arguments(self) -> dict[str, Any]:
        """Returns the arguments of the action, of a valid form. Only warnings have `seen`."""
        names = ("reason", "rule", "seen") if self.kind == Sanction.Kind.WARNING else ("reason", "rule")
        return {name: self.cleaned_data[name] for name in names} | {"until": self._until}

    @property
    def _until(self) -> datetime | None:
        """When the sanction ends, or None if it is permanent."""
        how_long = self.cleaned_data["how_long"]
        if how_long == "good":
            return None
        if how_long == "date":
            return _start_of_day(self.cleaned_data["date"])
        return timezone.now() + timedelta(days=int(how_long))


class LiftForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("Shown to staff in the moderation log. The member is notified, without the reason."),
        error_messages=TOO_LONG,
    )


class RemoveAllPostsForm(ReasonForm):
    suspend = forms.BooleanField(label=_("Also suspend the account permanently"), required=False)


class NoteForm(forms.Form):
    text = TextField(
        label=_("Note"),
        max_length=COMMENT_MAX,
        rows=3,
        error_messages={**TOO_LONG, "required": _("Enter a note.")},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class LookUpReasonForm(forms.Form):
    """The reason for looking up private data."""

    why = LineField(
        label=_("Reason"),
        max_length=REASON_MAX,
        help_text=_("Shown in the moderation log."),
        error_messages={**TOO_LONG, "required": _("Please give a reason.")},
    )


class LookUpForm(LookUpReasonForm):
    field_order = ["said", "why"]

    said = LineField(
        label=_("IP address or email"),
        max_length=254,
        help_text=_("For example 192.0.2.7, 192.0.2.0/24, ada@example.org or @example.org."),
        error_messages={**TOO_LONG, "required": _("Enter an IP address or email.")},
    )


def _start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())
