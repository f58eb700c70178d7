"""Forms for the filters of the log, and for undoing several of its entries."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Max
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from accounts.models import Rule
from accounts.models.log_entry import LogEntry
from forum.models import Section
from forum.web.form_fields import LineField
from moderation.log.entries import LogFilters
from moderation.log.sentences import ACTION_NAMES

NAME_MAX = 60
MAX_ID = 2**63 - 1
MAX_UNDONE_TOGETHER = 100  # entries that can be undone together


class MonthField(forms.CharField):
    """A month such as `2026-11`, as browsers send it. Cleans to its first day."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
        except ValueError:
            month = None
        if month is None or not 2000 <= month.year <= 9000:
            raise forms.ValidationError(gettext("Enter a year and month, such as 2026-11."))
        return month


def _action_choices() -> list[tuple[str, str]]:
    return [("", gettext("All")), *((act, str(capfirst(name))) for act, name in ACTION_NAMES.items())]


class LogForm(forms.Form):
    act = forms.ChoiceField(label=_("Action"), choices=_action_choices, required=False)
    by = LineField(label=_("Moderator"), max_length=NAME_MAX, required=False)
    about = LineField(label=_("Member"), max_length=NAME_MAX, required=False)
    topic = forms.IntegerField(label=_("Topic number"), min_value=1, max_value=MAX_ID, required=False)
    section = forms.ModelChoiceField(
        Section.objects.none(), label=_("Section"), empty_label=_("All"), required=False
    )
    rule = forms.TypedChoiceField(label=_("Rule"), coerce=int, empty_value=None, required=False)
    month = MonthField(label=_("Month"), required=False)

    def __init__(self, *args: Any, sections: list[int] | None, **kwargs: Any) -> None:
        """`sections`: the ids of the sections that the user moderates, or None for all."""
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        all_sections = Section.objects.in_order()
        visible_sections = all_sections if sections is None else all_sections.filter(pk__in=sections)
        self.fields["section"].queryset = visible_sections  # type: ignore[attr-defined]
        self.fields["rule"].choices = [("", gettext("All")), *_rule_choices()]  # type: ignore[attr-defined]
        for name in ("by", "about"):
            self.fields[name].widget.attrs |= {
                "autocomplete": "off",
                "spellcheck": "false",
                "data-names": reverse("forum:suggest_members"),
            }

    @property
    def filters(self) -> LogFilters:
        """The filters of a valid form."""
        cleaned = self.cleaned_data
        section = cleaned["section"]
        return LogFilters(
            cleaned["act"],
            cleaned["by"],
            cleaned["about"],
            cleaned["topic"],
            section.pk if section else None,
            cleaned["rule"],
            cleaned["month"],
        )


def _rule_choices() -> list[tuple[int, str]]:
    """Returns every rule that there ever was, with the title of its newest version."""
    newest = Rule.objects.values("key").annotate(newest=Max("pk")).values("newest")
    return [(rule.key, rule.title) for rule in Rule.objects.filter(pk__in=newest).order_by("title")]


class UndoForm(forms.Form):
    """The selected entries."""

    entry = forms.ModelMultipleChoiceField(
        LogEntry.objects.none(), error_messages={"required": _("Select the actions to undo.")}
    )

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = entries  # type: ignore[attr-defined]

    def clean_entry(self) -> list[LogEntry]:
        entries = list(self.cleaned_data["entry"])
        if len(entries) > MAX_UNDONE_TOGETHER:
            message = ngettext("Select at most %d action.", "Select at most %d actions.", MAX_UNDONE_TOGETHER)
            raise forms.ValidationError(message % MAX_UNDONE_TOGETHER)
        return entries
