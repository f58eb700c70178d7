"""How every form of the site draws its fields."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

TYPED_INTO = {"text", "search", "email", "url", "tel"}


class Renderer(DjangoTemplates):
    """What is typed into a field is shown in its own direction, whatever that of the page is."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if (widget := context.get("widget")) and _is_typed_into(widget):
            context = {**context, "widget": {**widget, "attrs": {"dir": "auto", **widget["attrs"]}}}
        return super().render(template_name, context, request)


def _is_typed_into(widget: dict[str, Any]) -> bool:
    return widget.get("type") in TYPED_INTO or widget["template_name"].endswith("/textarea.html")
