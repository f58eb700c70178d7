"""What forms declare of their fields, for the page that gives input back."""

import pytest
from django import forms

from core.web import preserved_input
from core.web.preserved_input import Preserved


@pytest.fixture
def registered(monkeypatch):
    """Registers forms for this test only."""
    for name in ("LABELS", "UNSHOWN", "SECRET"):
        monkeypatch.setattr(preserved_input, name, getattr(preserved_input, name).copy())


class WithSecret(forms.Form):
    preserved = Preserved(labels={"story": "Story"}, unshown=("step",), secret=("pin_code",))


class Extended(WithSecret):
    preserved = Preserved(labels={"story": "Your story"}, unshown=("page_of_story",))
    token_of_story = forms.CharField(widget=forms.HiddenInput)


def test_form_adds_to_what_the_extended_form_declares(registered):
    preserved_input.register(Extended)
    assert "pin_code" in preserved_input.SECRET
    assert {"step", "page_of_story", "token_of_story"} <= preserved_input.UNSHOWN
    assert preserved_input.LABELS["story"] == "Your story"
