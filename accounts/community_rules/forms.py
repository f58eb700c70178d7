"""The rules and the plain pages as admins write them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from accounts.community_rules.rules import RULES_MOST, Words
from accounts.models import PlainPage, Rule
from accounts.models.rules import RULE_TEXT_MAX, RULE_TITLE_MAX, RULES_NOTE_MAX
from accounts.models.static_page import PAGE_TEXT_MAX
from core.web.request_values import is_number

EMPTY_ROWS = 2  # for new rules; saving gives more
PLACE_MOST = 999


class PlainText(forms.CharField):
    """Text whose line breaks count as one character each, whatever the browser sends."""

    def __init__(self, *, longest: int, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-grow": ""})
        super().__init__(strip=False, widget=widget, **kwargs)
        self.longest = longest

    def clean(self, value: Any) -> str:
        text = super().clean((value or "").replace("\r\n", "\n").replace("\r", "\n").strip())
        if len(text) > self.longest:
            raise ValidationError(f"At most {self.longest:,} characters; yours has {len(text):,}.")
        return text


class Restarting(forms.Form):
    def restart_from(self, name: str, number: int) -> None:
        """Somebody was quicker: the next time it is sent, it goes on from what stands now."""
        self.data = {**dict(self.data.items()), name: str(number)}


class RulesForm(Restarting):
    """All rules at once, each with its place; one without a title goes."""

    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    note = forms.CharField(
        label="What is different",
        max_length=RULES_NOTE_MAX,
        required=False,
        help_text="Shown with the new version, and kept in the log.",
    )

    def __init__(self, data: Any = None, *, rules: list[Rule], based_on: int, typed: dict[str, str]) -> None:
        """`typed`: what was sent before its writer had to sign in again."""
        initial: dict[str, Any] = {"based_on": based_on}
        for row, rule in enumerate(rules):
            initial |= {f"title_{row}": rule.title, f"text_{row}": rule.text, f"key_{row}": rule.key}
        super().__init__(data, initial=initial | typed)
        sent = data if data is not None else typed
        # As many as were on the page, whatever has been made since.
        self.count = min(_rows_of(sent) or len(rules) + EMPTY_ROWS, RULES_MOST)
        for row in range(self.count):
            self._add_row(row, f"Rule {row + 1}" if row < len(rules) else "A new rule")

    def _add_row(self, row: int, called: str) -> None:
        self.fields[f"place_{row}"] = forms.IntegerField(
            label="Number", min_value=1, max_value=PLACE_MOST, required=False, initial=row + 1
        )
        self.fields[f"title_{row}"] = forms.CharField(
            label=called,
            max_length=RULE_TITLE_MAX,
            required=False,
        )
        self.fields[f"text_{row}"] = PlainText(
            label="What it means", longest=RULE_TEXT_MAX, rows=3, required=False
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
                self.add_error(
                    f"title_{row}", "Say in a few words what the rule is, or take its text away too."
                )

    @property
    def words(self) -> list[Words]:
        """Of a form that is right: the rules in the order of their numbers."""
        said = self.cleaned_data
        kept = [row for row in range(self.count) if said[f"title_{row}"]]
        # Without a number it goes where it stands; of two with the same, the one further down goes before the other,
        # since that is the one that was moved.
        in_order = sorted(kept, key=lambda row: (said[f"place_{row}"] or row + 1, -row))
        return [Words(said[f"title_{row}"], said[f"text_{row}"], said[f"key_{row}"]) for row in in_order]


def _rows_of(sent: Any) -> int:
    rows = [name[6:] for name in sent if name.startswith("title_")]
    return max((int(row) + 1 for row in rows if is_number(row, digits=2)), default=0)


class PageForm(Restarting):
    text = PlainText(
        label="Text",
        longest=PAGE_TEXT_MAX,
        rows=18,
        help_text="Written like a post: headings with ##, lists with dashes.",
        error_messages={"required": "The page says nothing. Write a few words."},
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, page: PlainPage | None, typed: dict[str, str]) -> None:
        initial = {"text": page.text if page else "", "version": page.version if page else 0}
        super().__init__(data, initial=initial | typed)
