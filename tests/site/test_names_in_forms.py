"""Choices in a form have a name that people can read."""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.db import models
from django.urls import get_resolver

from accounts.models import Group, Rule
from forum.models import Section


def all_subclasses(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for one in form.__subclasses__():
        yield one
        yield from all_subclasses(one)


def fields_that_choose_rows() -> dict[str, forms.ModelChoiceField]:
    get_resolver().url_patterns  # noqa: B018 - imports every view, and with it every form
    return {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in all_subclasses(forms.Form)
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(field, forms.ModelChoiceField)
    }


def test_models_listed_in_forms_have_readable_names():
    fields = fields_that_choose_rows()
    assert {field.queryset.model for field in fields.values()} >= {Section, Rule, Group}
    without = {
        where
        for where, field in fields.items()
        if field.queryset.model.__str__ is models.Model.__str__
        and not isinstance(field.widget, forms.MultipleHiddenInput)
        and not where.endswith("UndoForm.entry")  # ticked in the log, which describes each in a sentence
    }
    assert without == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/moderation/log/", "Talk"),
        ("/moderation/", "Talk"),
        ("/t/{topic}/slow-search/move/", "Talk"),
        ("/t/{topic}/slow-search/split/?post={post}", "Talk"),
        ("/s/talk/move/?topic={topic}", "Talk"),
        ("/manage/members/{ben}/sections/", "Talk"),
        ("/manage/sections/{section}/", "Testers"),
        ("/t/{topic}/slow-search/remove/", "Keep to the topic"),
        ("/t/{topic}/slow-search/close/", "Keep to the topic"),
        ("/p/{post}/report/", "Keep to the topic"),
        ("/moderation/members/ben/warn/", "Keep to the topic"),
    ],
)
def test_form_choices_show_readable_names(sign_in, address, name, topic, bens, ben, noor):
    Group.objects.create(name="Testers")
    address = address.format(topic=topic.pk, ben=ben.pk, section=topic.section_id, post=bens.pk)
    response = sign_in(noor).get(address)
    assert response.status_code == 200
    assert " object (" not in response.text
    assert re.search(rf">\s*(<span>)?([0-9]+\. )?{name}", response.text)
