"""Typed text is shown in its own direction, in every field of every form."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django import forms

from config.web.form_renderer import TYPED_INTO

TEMPLATES = Path(__file__).parents[3] / "templates"
FIELD = re.compile(r"<(textarea|input)\b((?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*)>")


def all_widgets() -> Iterator[tuple[str, forms.Widget]]:
    for app in ("core", "accounts", "forum", "moderation", "notifications", "config"):
        package = import_module(app)
        for module in walk_packages(package.__path__, f"{app}."):
            if "migrations" not in module.name:
                import_module(module.name)
    for form in _all_subclasses(forms.BaseForm):
        for name, field in form.base_fields.items() if hasattr(form, "base_fields") else ():
            yield f"{form.__module__}.{form.__name__}.{name}", field.widget


def _all_subclasses(cls: type) -> Iterator[type]:
    for one in cls.__subclasses__():
        yield one
        yield from _all_subclasses(one)


class FieldParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[tuple[str, dict]] = []
        self.count = 0

    def handle_starttag(self, tag, attrs) -> None:
        said = dict(attrs)
        if tag == "textarea" or (tag == "input" and said.get("type", "text") in TYPED_INTO):
            self.count += 1
            if said.get("dir") != "auto":
                self.wrong.append((tag, said))


@pytest.mark.slow
@pytest.mark.django_db  # some offer choices from the database
def test_every_form_field_has_automatic_direction():
    count = 0
    for name, widget in all_widgets():
        page = FieldParser()
        page.feed(widget.render("x", ""))
        assert page.wrong == [], name
        count += page.count
    assert count > 30


@pytest.mark.parametrize(
    "widget", [forms.TextInput(), forms.Textarea(), forms.EmailInput(), forms.URLInput()]
)
def test_text_widget_of_other_library_has_automatic_direction(widget):
    assert 'dir="auto"' in widget.render("x", "")


@pytest.mark.parametrize(
    "widget", [forms.PasswordInput(), forms.NumberInput(), forms.HiddenInput(), forms.FileInput()]
)
def test_non_text_widget_has_no_direction(widget):
    assert "dir=" not in widget.render("x", "")


def test_widget_can_override_direction():
    assert 'dir="ltr"' in forms.TextInput(attrs={"dir": "ltr"}).render("x", "")


def test_every_field_in_templates_has_automatic_direction():
    found = []
    for path in TEMPLATES.rglob("*.html"):
        for tag, said in FIELD.findall(path.read_text()):
            kind = re.search(r'type="([^"]*)"', said)
            if (tag == "textarea" or not kind or kind[1] in TYPED_INTO) and 'dir="auto"' not in said:
                found.append((path.name, said))
    assert found == []
