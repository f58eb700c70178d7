"""Light and dark theme by choice, for everybody."""

import pytest

from tests.support.visiting import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_guest_chooses_and_comes_back(guest, front, topic, theme):
    address = f"{topic.get_absolute_url()}?page=1"
    answer = guest.post("/theme/", {"theme": theme, "next": address})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert answer.cookies["theme"].value == theme
    for _ in range(2):
        assert f'data-theme="{theme}"' in Visitor(front, f"theme={theme}").get(topic.get_absolute_url()).text
        assert "data-theme" not in Visitor(front).get(topic.get_absolute_url()).text


@pytest.mark.parametrize("theme", ["", "neon", '"><script>'])
def test_other_words_are_no_theme(guest, talk, theme):
    assert "theme" not in guest.post("/theme/", {"theme": theme}).cookies
    guest.cookies["theme"] = theme
    assert "data-theme" not in guest.get("/").text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_it_leads_nowhere_else(guest, db, back):
    assert guest.post("/theme/", {"theme": "dark", "next": back})["Location"] == "/"
