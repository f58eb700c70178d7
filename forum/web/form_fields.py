"""Form fields for what people write."""

import unicodedata
from typing import Any

from django import forms
from django.urls import reverse_lazy

# Letters that only fill a place, the Braille pattern without a dot, and one that Unicode keeps for a format character.
DRAWN_AS_NOTHING = "\u115f\u1160\u3164\uffa0\u2800\u2065"


class Text(forms.CharField):
    """Text that is counted as people count it: a line break is one character, whatever the browser sends."""

    def __init__(self, *, rows: int | None = None, mentions: bool = False, **kwargs: Any) -> None:
        if rows:
            suggests = {"data-mentions": reverse_lazy("forum:suggest_members")} if mentions else {}
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-grow": "", **suggests}))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = _with_plain_line_breaks(super().to_python(value) or "")
        return as_sent(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: browsers cut pasted text there without a word. The server says what is too long."""
        attrs = super().widget_attrs(widget)
        longest = attrs.pop("maxlength", None)
        return {**attrs, "data-longest": longest} if longest and isinstance(widget, forms.Textarea) else attrs


def as_sent(text: str) -> str:
    """What remains of what was typed, if any of it shows. Blanks of the first line stay: they may make it code."""
    return text.rstrip().lstrip("\n") if _shows_something(text) else ""


def _shows_something(text: str) -> bool:
    return any(
        unicodedata.category(character) not in ("Cc", "Cf", "Mn", "Me")
        and not character.isspace()
        and character not in DRAWN_AS_NOTHING
        for character in text
    )


class AsTyped(forms.CharField):
    """A text that is still being written: every blank of it stays."""

    def __init__(self, what: str, longest: int) -> None:
        too_long = f"{what} has at most %(limit_value)d characters; yours has %(show_value)d."
        super().__init__(
            required=False, strip=False, max_length=longest, error_messages={"max_length": too_long}
        )

    def to_python(self, value: Any) -> str:
        return _with_plain_line_breaks(super().to_python(value) or "")


def _with_plain_line_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Line(Text):
    """One line: blanks folded, and nothing in it that is invisible or turns the writing direction around."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        seen = (" " if character.isspace() else character for character in text if not _is_hidden(character))
        return as_sent(" ".join("".join(seen).split()))


def _is_hidden(character: str) -> bool:
    # The two joiners shape letters and emoji; every other format or control character but blanks goes.
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co")
        and not character.isspace()
        and character not in "\u200c\u200d"
    )
