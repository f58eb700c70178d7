"""What narrows the log, and which of its entries are to be undone."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Max
from django.urls import reverse

from accounts.models import Rule
from accounts.models.log_entry import LogEntry
from forum.models import Section
from forum.web.form_fields import Line
from moderation.log.entries import ACTS, Narrowed

NAME_MAX = 60
ID_MOST = 2**63 - 1
TOGETHER_MOST = 100  # entries that are undone by one button


class Month(forms.CharField):
    """`2026-11`, as a browser's field of months sends it. Cleans to the first day."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value: Any) -> date | None:
        said = super().clean(value)
        if not said:
            return None
        try:
            month = datetime.strptime(said, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
        except ValueError:
            month = None
        if month is None or not 2000 <= month.year <= 9000:
            raise forms.ValidationError("Give a year and a month, such as 2026-11.")
        return month


class LogForm(forms.Form):
    act = forms.ChoiceField(label="Act", choices=[("", "All"), *ACTS.items()], required=False)
    by = Line(label="By", max_length=NAME_MAX, required=False)
    about = Line(label="Concerns", max_length=NAME_MAX, required=False)
    topic = forms.IntegerField(label="Topic number", min_value=1, max_value=ID_MOST, required=False)
    section = forms.ModelChoiceField(
        Section.objects.none(), label="Section", empty_label="All", required=False
    )
    rule = forms.TypedChoiceField(label="Rule", coerce=int, empty_value=None, required=False)
    month = Month(label="Month", required=False)

    def __init__(self, *args: Any, sections: list[int] | None, **kwargs: Any) -> None:
        """`sections`: those of the staff who ask; None for all."""
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        all_sections = Section.objects.in_order()
        theirs = all_sections if sections is None else all_sections.filter(pk__in=sections)
        self.fields["section"].queryset = theirs  # type: ignore[attr-defined]
        self.fields["rule"].choices = [("", "All"), *_rules()]  # type: ignore[attr-defined]
        for name in ("by", "about"):
            self.fields[name].widget.attrs |= {
                "autocomplete": "off",
                "spellcheck": "false",
                "data-names": reverse("forum:suggest_members"),
            }

    @property
    def narrowed(self) -> Narrowed:
        """Of a form that is right."""
        asked = self.cleaned_data
        section = asked["section"]
        return Narrowed(
            asked["act"],
            asked["by"],
            asked["about"],
            asked["topic"],
            section.pk if section else None,
            asked["rule"],
            asked["month"],
        )


def _rules() -> list[tuple[int, str]]:
    """Each rule that ever stood, by the words of its newest version."""
    newest = Rule.objects.values("key").annotate(newest=Max("pk")).values("newest")
    return [(rule.key, rule.title) for rule in Rule.objects.filter(pk__in=newest).order_by("title")]


class UndoForm(forms.Form):
    """The entries that were ticked."""

    entry = forms.ModelMultipleChoiceField(
        LogEntry.objects.none(), error_messages={"required": "Tick what is to be undone."}
    )

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = entries  # type: ignore[attr-defined]

    def clean_entry(self) -> list[LogEntry]:
        entries = list(self.cleaned_data["entry"])
        if len(entries) > TOGETHER_MOST:
            raise forms.ValidationError(f"At most {TOGETHER_MOST} entries are undone together.")
        return entries
