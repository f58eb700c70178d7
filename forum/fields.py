"""Form fields for what people write."""

from typing import Any

from django import forms


class Text(forms.CharField):
    """Text that is counted as people count it: a line break is one character, whatever the browser sends."""

    def __init__(self, *, rows: int | None = None, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-grow": ""}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(_lines(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: browsers cut pasted text there without a word. The server says what is too long."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


def _lines(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
