"""The page of a form has the right status, and shows errors of the action in the form."""

import pytest
from django import forms
from django.http import HttpResponse

from core.web import form_pages
from core.web.action_errors import ActionError
from core.web.form_pages import errors_shown_in, form_for, form_page


class NameForm(forms.Form):
    name = forms.CharField()


class TooOften(ActionError):
    status, retry_after = 429, 7
    field = "name"
    explanation = "Try again later."


@pytest.fixture(autouse=True)
def without_template(monkeypatch):
    def render(request, template, context, status):
        return HttpResponse(template, status=status)

    monkeypatch.setattr(form_pages, "render", render)


def test_an_empty_form_is_shown_with_200_and_its_initial_values(rf):
    form = form_for(rf.get("/"), NameForm, initial={"name": "ada"})
    assert not form.is_valid()
    assert form["name"].value() == "ada"
    assert form_page(rf.get("/"), "name.html", form).status_code == 200


def test_a_form_with_errors_is_shown_with_422(rf):
    request = rf.post("/", {"name": ""})
    form = form_for(request, NameForm, initial={"name": "ada"})
    assert not form.is_valid()
    assert form_page(request, "name.html", form).status_code == 422


def test_an_error_of_the_action_is_beside_its_field_and_has_its_status(rf):
    request = rf.post("/", {"name": "ben"})
    form = form_for(request, NameForm)
    with errors_shown_in(form, TooOften):
        raise TooOften
    page = form_page(request, "name.html", form)
    assert form.errors == {"name": ["Try again later."]}
    assert (page.status_code, page["Retry-After"]) == (429, "7")


def test_other_errors_are_not_shown_in_the_form(rf):
    form = form_for(rf.post("/", {"name": "ben"}), NameForm)
    with pytest.raises(ActionError), errors_shown_in(form, TooOften):
        raise ActionError
    assert not form.errors
