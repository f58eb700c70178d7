"""Light and dark theme by choice, for everybody."""

import pytest

from tests.support.page import Page
from tests.support.wsgi_client import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_guest_theme_choice_sets_cookie_and_redirects_back(guest, front, topic, theme):
    address = f"{topic.get_absolute_url()}?page=1"
    answer = guest.post("/theme/", {"theme": theme, "next": address})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert answer.cookies["theme"].value == theme
    for _ in range(2):
        assert f'data-theme="{theme}"' in Visitor(front, f"theme={theme}").get(topic.get_absolute_url()).text
        assert "data-theme" not in Visitor(front).get(topic.get_absolute_url()).text


def test_button_of_the_chosen_theme_is_pressed(guest, talk):
    assert Page(guest.get("/")).texts("[data-act=theme] [aria-pressed=true]") == ["System"]
    guest.cookies["theme"] = "dark"
    assert Page(guest.get("/")).texts("[data-act=theme] [aria-pressed=true]") == ["Dark"]


@pytest.mark.parametrize("theme", ["", "neon", '"><script>'])
def test_unknown_theme_is_ignored(guest, talk, theme):
    assert "theme" not in guest.post("/theme/", {"theme": theme}).cookies
    guest.cookies["theme"] = theme
    assert "data-theme" not in guest.get("/").text


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_theme_form_does_not_redirect_off_site(guest, db, next_url):
    assert guest.post("/theme/", {"theme": "dark", "next": next_url})["Location"] == "/"
