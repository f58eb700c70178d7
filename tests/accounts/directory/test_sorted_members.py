"""Lists of members are in the order that their column heading says, and can be sorted in the other ones."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core.text.name_keys import sort_key
from moderation.members.sanction import warn_member
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
# Their ids grow in this order; the days since they joined do not.
JOINED = {"Ólafur": 10, "ben": 30, "Zoe": 20, "Ian": 40, "kate": 20, "olga": 50}
ORDERS = {
    "": ["Ólafur", "kate", "Zoe", "ben", "Ian", "olga"],
    "joined": ["olga", "Ian", "ben", "Zoe", "kate", "Ólafur"],
    "name": ["ben", "Ian", "kate", "Ólafur", "olga", "Zoe"],
    "-name": ["Zoe", "olga", "Ólafur", "kate", "Ian", "ben"],
}
LISTS = {"/moderation/members/": "mia", "/manage/members/": "noor"}


@pytest.fixture
def people(mia, noor) -> None:
    now = timezone.now()
    User.objects.update(joined_at=now - timedelta(days=900))
    for number, (name, days) in enumerate(JOINED.items()):
        User.objects.create_user(name, f"m{number}@x.example")
        User.objects.filter(name=name).update(joined_at=now - timedelta(days=days))


def names_on(page) -> list[str]:
    rows = re.search(r"<tbody>(.*)</tbody>", page.text, re.S)[1]
    return [
        name for name in re.findall(r'<th scope="row"><a [^>]*>(?:<bdi>)?([^<]+)', rows) if name in JOINED
    ]


@pytest.fixture(params=LISTS)
def listed(request, people):
    browser = browser_of(User.objects.get(name=LISTS[request.param]))
    return lambda query="": browser.get(f"{request.param}{query}")


@pytest.mark.parametrize("sort", ORDERS)
def test_as_asked_for(listed, sort):
    page = listed(f"?sort={sort}")
    assert names_on(page) == ORDERS[sort]
    assert f'<option value="{sort}" selected>' in page.text


def test_what_nobody_knows_is_the_usual(listed):
    assert names_on(listed("?sort=secret")) == names_on(listed()) == ORDERS[""]
    assert re.search(r"<caption>[^<]*newest first", listed().text, re.I)


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_neither_skip_nor_repeat(listed, sort, monkeypatch):
    monkeypatch.setattr("core.web.keyset_pagination.ROWS_PER_PAGE", 2)
    monkeypatch.setattr("accounts.directory.member_views.MEMBERS_PER_PAGE", 2)
    seen, query = [], f"?sort={sort}"
    while query:
        page = listed(query)
        seen += names_on(page)
        onward = re.search(r'rel="next" href="([^"]+)"', page.text)
        query = onward and onward[1].replace("&amp;", "&")
    assert seen == ORDERS[sort]


def test_headings_sort_and_say_how(listed):
    html = listed("?q=o&sort=name").text
    heads = re.findall(r'<th scope="col"( aria-sort="\w+")?>\s*<a class="sorts" href="([^"]+)">(\w+)', html)
    assert heads[0][:2] == (' aria-sort="ascending"', "?q=o&amp;sort=-name")
    assert heads[1] == ("", "?q=o", "Joined")
    heads = re.findall(
        r'<th scope="col"( aria-sort="\w+")?>\s*<a class="sorts" href="([^"]+)">', listed().text
    )
    assert heads == [("", "?sort=name"), (' aria-sort="descending"', "?sort=joined")]


def test_a_row_that_went_meanwhile_begins_anew(listed):
    assert names_on(listed("?before=999999")) == ORDERS[""]


def test_narrowed_and_sorted(people, mia):
    for name in ("Zoe", "Ian"):
        warn_member(member=User.objects.get(name=name), by=mia, reason="Be kind.")
    page = browser_of(mia).get("/moderation/members/?show=warned&sort=name")
    assert names_on(page) == ["Ian", "Zoe"]


def test_whoever_is_renamed_stands_elsewhere(people, ada):
    from accounts.profile.rename import rename

    rename(by=ada, name="Émile")
    ada.refresh_from_db()
    assert ada.sort_key == sort_key("Émile") == "emile"
