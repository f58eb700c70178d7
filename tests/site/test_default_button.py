"""Enter in a one-line field presses the first button of its form. On every page that button does what the form is
for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.site.expectations import EXPECTATIONS
from tests.site.world import World

pytestmark = pytest.mark.slow

Attributes = dict[str, str]
NON_TEXT_TYPES = {"hidden", "checkbox", "radio", "file", "submit", "button"}
VISITING_ROLES = ("guest", "author", "admin")  # together they meet every form
# Where Enter does something other than submit to the form's own URL, and why.
INTENDED_EXCEPTIONS = {
    "/moderation/waiting/": "the one field is the reason for refusing; without a reason, a page asks for it"
}


@dataclass
class Form:
    action: str
    fields: list[str] = field(default_factory=list)  # one-line fields
    buttons: list[Attributes] = field(default_factory=list)


class FormParser(HTMLParser):
    """Collects the forms of a page, with what belongs to each by its position or by its `form=`."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self._current: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._current = Form(said.get("action", ""))
            self.forms.append(self._current)
            self.by_id[said.get("id", "")] = self._current
        owner = self.by_id.get(said["form"]) if "form" in said else self._current
        if owner is None:
            return
        if tag == "input" and said.get("type", "text") not in NON_TEXT_TYPES and "data-unseen" not in said:
            owner.fields.append(said.get("name", ""))
        if tag == "button" and said.get("type", "submit") == "submit":
            owner.buttons.append(said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._current = None


def pages(world: World) -> Iterator[tuple[str, str]]:
    for role in VISITING_ROLES:
        client = world.clients[role]
        for expected in EXPECTATIONS:
            if expected.get[role] not in ("200", "409"):
                continue
            response = client.get(world.address(expected.address))
            if response.headers.get("Content-Type", "").startswith("text/html"):
                yield expected.address, response.text


def forms_with_several_buttons(world: World) -> Iterator[tuple[str, Form]]:
    """Returns those with a one-line field and several buttons."""
    for address, html in pages(world):
        reader = FormParser()
        reader.feed(html)
        for form in reader.forms:
            if form.fields and len(form.buttons) > 1:
                yield address, form


def test_enter_presses_main_button_of_form(world: World):
    found = list(forms_with_several_buttons(world))
    wrong = {
        f"{address}: {form.fields[0]} presses {form.buttons[0]}"
        for address, form in found
        if address not in INTENDED_EXCEPTIONS
        and {"formaction", "formmethod", "name", "formnovalidate"} & form.buttons[0].keys()
    }
    assert wrong == set()
    seen = {address for address, _ in found}
    assert {"/s/talk/new/", "/p/{answer}/edit/", "/moderation/waiting/"} <= seen, "the walk found too little"
