"""Every revision, its author, and the changes between any two."""

import re

import pytest

from forum.models import Removal
from forum.posts.edit import edit_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(original, ada, mia):
    edit_post(post=original, by=ada, body="It takes two minutes.", version=1, reason="measured")
    return edit_post(post=original, by=mia, body="It takes two minutes now.", version=2, reason="a word")


def test_history_shows_revisions_roles_and_reasons(edited, guest):
    page = guest.get(edited.url_for("history")).text
    for said in ("Revision 3", "Revision 2", "Original", "measured", "a word", "Moderator"):
        assert said in page


@pytest.mark.parametrize(
    ("query", "removed", "added"),
    [
        ("", [], [" now"]),
        ("?from=1&to=2", ["a minute"], ["two minutes"]),
        ("?from=2&to=1", ["a minute"], ["two minutes"]),
        ("?from=1&to=99", ["a minute"], ["two minutes now"]),
    ],
)
def test_history_shows_a_word_diff_between_any_two_revisions(edited, guest, query, removed, added):
    page = guest.get(edited.url_for("history") + query).text
    diff = page[page.index('<div class="diff">') :]
    assert re.findall("<del>(.*?)</del>", diff) == removed
    assert re.findall("<ins>(.*?)</ins>", diff) == added


@pytest.mark.parametrize("query", ["?from=x", "?to=-1", "?from=1&to=9999999999999"])
def test_invalid_revision_numbers_return_400(edited, guest, query):
    assert guest.get(edited.url_for("history") + query).status_code == 400


def test_html_in_the_diff_is_escaped(original, ada, guest):
    edit_post(post=original, by=ada, body="<img src=x onerror=alert(1)>", version=1)
    page = guest.get(original.url_for("history")).text
    assert "<img" not in page
    assert "&lt;img" in page


def test_history_of_a_removed_post_is_visible_only_to_staff_and_author(bens, ben, ada, mia, guest, sign_in):
    edit_post(post=bens, by=ben, body="Here too, daily.", version=1)
    Removal.objects.create(post=bens, removed_by=mia, reason="r")
    address = bens.url_for("history")
    assert guest.get(address).status_code == sign_in(ada).get(address).status_code == 404
    assert sign_in(ben).get(address).status_code == sign_in(mia).get(address).status_code == 200


def test_long_unchanged_text_is_collapsed_in_the_diff(original, ada, guest):
    same = "The same words again and again. " * 100
    edit_post(post=original, by=ada, body=f"First. {same} Last.", version=1)
    edit_post(post=original, by=ada, body=f"Begin. {same} End.", version=2)
    diff = guest.get(original.url_for("history")).text.split('<div class="diff">')[1]
    assert '<details class="unchanged"><summary>' in diff
    assert diff.count("words") >= 99  # a collapsed part may come between two words
