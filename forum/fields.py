"""Form fields for what people write."""

import unicodedata
from typing import Any

from django import forms
from django.urls import reverse_lazy


class Text(forms.CharField):
    """Text that is counted as people count it: a line break is one character, whatever the browser sends."""

    def __init__(self, *, rows: int | None = None, mentions: bool = False, **kwargs: Any) -> None:
        if rows:
            suggests = {"data-mentions": reverse_lazy("forum:suggest_members")} if mentions else {}
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-grow": "", **suggests}))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        # The blanks of the first line stay: they may make it code.
        return text.rstrip().lstrip("\n") if text.strip() else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: browsers cut pasted text there without a word. The server says what is too long."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class Line(Text):
    """One line: blanks folded, and nothing in it that is invisible or turns the writing direction around."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        seen = (" " if character.isspace() else character for character in text if not _is_hidden(character))
        return " ".join("".join(seen).split())


def _is_hidden(character: str) -> bool:
    # The two joiners shape letters and emoji; every other format or control character but blanks goes.
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co")
        and not character.isspace()
        and character not in "\u200c\u200d"
    )
