"""Renders the fields of every form of the site."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

TYPED_INTO = {"text", "search", "email", "url", "tel"}


class Renderer(DjangoTemplates):
    """Typed text gets its own direction, independent of the page's."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if (widget := context.get("widget")) and _is_typed_into(widget):
            context = {**context, "widget": {**widget, "attrs": {"dir": "auto", **widget["attrs"]}}}
        return super().render(template_name, context, request)


def _is_typed_into(widget: dict[str, Any]) -> bool:
    return widget.get("type") in TYPED_INTO or widget["template_name"].endswith("/textarea.html")
