"""Apps know nothing of those above them: no names of their forms' fields, URLs or tables. What a lower app needs is
declared by the higher one, or is in a setting."""

import ast
from collections.abc import Iterator
from importlib import import_module
from inspect import isclass

import pytest
from django.apps import apps
from django.forms import BaseForm
from django.urls import URLPattern, URLResolver, get_resolver

from core.text.name_keys import RESERVED_NAMES
from core.web import preserved_input
from tests.site.test_layers import APPS, files


def forms() -> set[type[BaseForm]]:
    found = (vars(import_module(name)).values() for name in files() if "forms" in name or "views" in name)
    return {
        one
        for names in found
        for one in names
        if isclass(one) and issubclass(one, BaseForm) and app_of(one) in APPS
    }


def app_of(thing: object) -> str:
    return thing.__module__.split(".")[0]


def url_names(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    """Returns the app of each view and the name of its URL."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield app_of(pattern.callback), f"{namespace}{pattern.name}"
        else:
            inside = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from url_names(pattern, namespace + inside)


def table_names(app: str) -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if model._meta.app_label == app}


def texts_in(app: str) -> Iterator[tuple[str, str]]:
    """Returns every string in the modules of the app that is no docstring, with its module."""
    for module, path in files().items():
        if module.split(".")[0] == app:
            tree = ast.parse(path.read_text())
            docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and id(node) not in docstrings
                ):
                    yield module, node.value


def higher_apps(app: str) -> list[str]:
    return APPS[: APPS.index(app)]


@pytest.mark.parametrize("app", APPS[1:])
def test_app_contains_no_url_name_of_higher_app(app):
    above = {name for its, name in url_names(get_resolver()) if its in higher_apps(app)}
    above -= set(RESERVED_NAMES)  # of members
    assert {(module, text) for module, text in texts_in(app) if text in above} == set()


@pytest.mark.parametrize("app", APPS[1:])
def test_app_contains_no_table_name_of_higher_app(app):
    above = set().union(*(table_names(higher) for higher in higher_apps(app)))
    assert {(module, text) for module, text in texts_in(app) for name in above if name in text} == set()


def declared_names() -> set[str]:
    names: set[str] = set()
    for form in forms():
        names.update(*getattr(form, "preserved", preserved_input.Preserved()))
    return names


def hidden_names() -> set[str]:
    return {name for form in forms() for name, field in form.base_fields.items() if field.widget.is_hidden}


def test_preserved_input_contains_no_field_name_of_an_app():
    named = {text for module, text in texts_in("core") if module == "core.web.preserved_input"}
    assert named & (declared_names() | hidden_names()) == set()


def test_every_declared_form_field_is_registered_as_preserved():
    known = preserved_input.LABELS.keys() | preserved_input.UNSHOWN | preserved_input.SECRET
    assert declared_names() | hidden_names() <= known
