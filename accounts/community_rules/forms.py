"""Forms for the rules and the custom pages."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy as _

from accounts.community_rules.rules import MAX_RULES, RuleText
from accounts.models import Rule, StaticPage
from accounts.models.rules import RULE_TEXT_MAX, RULE_TITLE_MAX, RULES_NOTE_MAX
from accounts.models.static_page import PAGE_TEXT_MAX
from core.web.preserved_input import Preserved
from core.web.request_values import is_number

EMPTY_ROWS = 2  # for new rules; there are more after saving
MAX_NUMBER = 999


class TextAreaField(forms.CharField):
    """A text area. Each line break counts as one character, however the browser sends it."""

    def __init__(self, *, longest: int, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-grow": ""})
        super().__init__(strip=False, widget=widget, **kwargs)
        self.longest = longest

    def clean(self, value: Any) -> str:
        text = super().clean((value or "").replace("\r\n", "\n").replace("\r", "\n").strip())
        if len(text) > self.longest:
            too_long = gettext("Use at most %(most)s characters. You used %(count)s.")
            raise ValidationError(too_long % {"most": f"{self.longest:,}", "count": f"{len(text):,}"})
        return text


class VersionedForm(forms.Form):
    def set_base_version(self, name: str, number: int) -> None:
        """After an edit conflict, sets the version that the form is based on to the current one."""
        self.data = {**dict(self.data.items()), name: str(number)}


class RulesForm(VersionedForm):
    """All rules in one form, each with its number. A rule without a title is removed."""

    preserved = Preserved(labels={"note": _("Your note")})
    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What changed"),
        max_length=RULES_NOTE_MAX,
        required=False,
        help_text=_("Shown with the new version and recorded in the log."),
    )

    def __init__(self, data: Any = None, *, rules: list[Rule], based_on: int, typed: dict[str, str]) -> None:
        """`typed`: the values sent before the writer had to sign in again."""
        initial: dict[str, Any] = {"based_on": based_on}
        for row, rule in enumerate(rules):
            initial |= {f"title_{row}": rule.title, f"text_{row}": rule.text, f"key_{row}": rule.key}
        super().__init__(data, initial=initial | typed)
        values = data if data is not None else typed
        # As many rows as the page had, even if rules have been added since.
        self.count = min(_row_count(values) or len(rules) + EMPTY_ROWS, MAX_RULES)
        for row in range(self.count):
            is_new = row >= len(rules)
            self._add_row(
                row, gettext("New rule") if is_new else gettext("Rule %(number)d") % {"number": row + 1}
            )

    def _add_row(self, row: int, label: str) -> None:
        self.fields[f"place_{row}"] = forms.IntegerField(
            label=_("Number"), min_value=1, max_value=MAX_NUMBER, required=False, initial=row + 1
        )
        self.fields[f"title_{row}"] = forms.CharField(
            label=label,
            max_length=RULE_TITLE_MAX,
            required=False,
        )
        self.fields[f"text_{row}"] = TextAreaField(
            label=_("Description"), longest=RULE_TEXT_MAX, rows=3, required=False
        )
        self.fields[f"key_{row}"] = forms.IntegerField(
            min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
        )

    def rows(self) -> Iterator[dict[str, BoundField]]:
        for row in range(self.count):
            yield {name: self[f"{name}_{row}"] for name in ("key", "place", "title", "text")}

    def clean(self) -> None:
        for row in range(self.count):
            if self.cleaned_data.get(f"text_{row}") and self.cleaned_data.get(f"title_{row}") == "":
                self.add_error(f"title_{row}", gettext("Enter a title, or clear the description too."))

    @property
    def arguments(self) -> dict[str, Any]:
        """Returns the arguments of publish_rules, of a valid form."""
        cleaned = self.cleaned_data
        return {"rules": self._rules(), "based_on": cleaned["based_on"], "note": cleaned["note"]}

    def _rules(self) -> list[RuleText]:
        """Returns the rules in the order of their numbers."""
        cleaned = self.cleaned_data
        rows = [row for row in range(self.count) if cleaned[f"title_{row}"]]
        # A rule without a number keeps its position. Of two with the same number the lower one comes first, because
        # that one was moved.
        in_order = sorted(rows, key=lambda row: (cleaned[f"place_{row}"] or row + 1, -row))
        return [
            RuleText(cleaned[f"title_{row}"], cleaned[f"text_{row}"], cleaned[f"key_{row}"])
            for row in in_order
        ]


def _row_count(values: Any) -> int:
    rows = [name[6:] for name in values if name.startswith("title_")]
    return max((int(row) + 1 for row in rows if is_number(row, digits=2)), default=0)


class PageForm(VersionedForm):
    text = TextAreaField(
        label=_("Text"),
        longest=PAGE_TEXT_MAX,
        rows=18,
        help_text=_("Markdown supported: headings with ##, lists with dashes."),
        error_messages={"required": _("Enter some text.")},
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, page: StaticPage | None, typed: dict[str, str]) -> None:
        initial = {"text": page.text if page else "", "version": page.version if page else 0}
        super().__init__(data, initial=initial | typed)
