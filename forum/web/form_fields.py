"""Form fields for text that people write."""

import unicodedata
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

# Filler letters, the Braille pattern without dots, and a code point that Unicode reserves for a format character.
INVISIBLE_CHARACTERS = "\u115f\u1160\u3164\uffa0\u2800\u2065"


class TextField(forms.CharField):
    """Text in which a line break counts as one character, whatever the browser sends."""

    def __init__(self, *, rows: int | None = None, mentions: bool = False, **kwargs: Any) -> None:
        if rows:
            mention_attrs = {"data-mentions": reverse_lazy("forum:suggest_members")} if mentions else {}
            kwargs.setdefault(
                "widget", forms.Textarea(attrs={"rows": rows, "data-grow": "", **mention_attrs})
            )
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = _with_plain_line_breaks(super().to_python(value) or "")
        return trim(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leaves out maxlength, because browsers silently cut pasted text there. The server reports what is too
        long."""
        attrs = super().widget_attrs(widget)
        max_length = attrs.pop("maxlength", None)
        return (
            {**attrs, "data-longest": max_length}
            if max_length and isinstance(widget, forms.Textarea)
            else attrs
        )


def trim(text: str) -> str:
    """Returns the text without outer white space, or "" if nothing is visible. Indentation of the first line stays: it
    may be a code block."""
    return text.rstrip().lstrip("\n") if _is_visible(text) else ""


def _is_visible(text: str) -> bool:
    return any(
        unicodedata.category(character) not in ("Cc", "Cf", "Mn", "Me")
        and not character.isspace()
        and character not in INVISIBLE_CHARACTERS
        for character in text
    )


class DraftField(forms.CharField):
    """Text that is still being written: all white space stays."""

    def __init__(self, name: Any, max_length: int) -> None:
        too_long = format_lazy(
            _("{what} can have at most %(limit_value)d characters; yours has %(show_value)d."), what=name
        )
        super().__init__(
            required=False, strip=False, max_length=max_length, error_messages={"max_length": too_long}
        )

    def to_python(self, value: Any) -> str:
        return _with_plain_line_breaks(super().to_python(value) or "")


def _with_plain_line_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class LineField(TextField):
    """One line: white space is collapsed, and invisible characters and direction marks are removed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        visible = (
            " " if character.isspace() else character for character in text if not _is_hidden(character)
        )
        return trim(" ".join("".join(visible).split()))


def _is_hidden(character: str) -> bool:
    # The two joiners shape letters and emoji; all other format and control characters except white space are removed.
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co")
        and not character.isspace()
        and character not in "\u200c\u200d"
    )
