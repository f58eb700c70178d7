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
DAYS_SINCE_JOINING = {"Ólafur": 10, "ben": 30, "Zoe": 20, "Ian": 40, "kate": 20, "olga": 50}
ORDERS = {
    "": ["Ólafur", "kate", "Zoe", "ben", "Ian", "olga"],
    "joined": ["olga", "Ian", "ben", "Zoe", "kate", "Ólafur"],
    "name": ["ben", "Ian", "kate", "Ólafur", "olga", "Zoe"],
    "-name": ["Zoe", "olga", "Ólafur", "kate", "Ian", "ben"],
}
MODERATOR_AND_ADMIN_LISTS = {"/moderation/members/": "mia", "/manage/members/": "noor"}


@pytest.fixture
def create_members(mia, noor) -> None:
    now = timezone.now()
    User.objects.update(joined_at=now - timedelta(days=900))
    for number, (name, days) in enumerate(DAYS_SINCE_JOINING.items()):
        User.objects.create_user(name, f"m{number}@x.example")
        User.objects.filter(name=name).update(joined_at=now - timedelta(days=days))


def names_on(page) -> list[str]:
    rows = re.search(r"<tbody>(.*)</tbody>", page.text, re.S)[1]
    return [
        name
        for name in re.findall(r'<th scope="row"><a [^>]*>(?:<bdi>)?([^<]+)', rows)
        if name in DAYS_SINCE_JOINING
    ]


@pytest.fixture(params=MODERATOR_AND_ADMIN_LISTS)
def get_list(request, create_members):
    browser = browser_of(User.objects.get(name=MODERATOR_AND_ADMIN_LISTS[request.param]))
    return lambda query="": browser.get(f"{request.param}{query}")


@pytest.mark.parametrize("sort", ORDERS)
def test_member_list_is_sorted_as_requested(get_list, sort):
    page = get_list(f"?sort={sort}")
    assert names_on(page) == ORDERS[sort]
    assert f'<option value="{sort}" selected>' in page.text


def test_unknown_sort_falls_back_to_newest_first(get_list):
    assert names_on(get_list("?sort=secret")) == names_on(get_list()) == ORDERS[""]
    assert re.search(r"<caption>[^<]*newest first", get_list().text, re.I)


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_do_not_skip_or_repeat_members(get_list, sort, monkeypatch):
    monkeypatch.setattr("core.web.keyset_pagination.ROWS_PER_PAGE", 2)
    monkeypatch.setattr("accounts.directory.member_views.MEMBERS_PER_PAGE", 2)
    seen, query = [], f"?sort={sort}"
    while query:
        page = get_list(query)
        seen += names_on(page)
        onward = re.search(r'rel="next" href="([^"]+)"', page.text)
        query = onward and onward[1].replace("&amp;", "&")
    assert seen == ORDERS[sort]


def test_column_headings_link_to_sorting_and_show_direction(get_list):
    html = get_list("?q=o&sort=name").text
    heads = re.findall(r'<th scope="col"( aria-sort="\w+")?>\s*<a class="sorts" href="([^"]+)">(\w+)', html)
    assert heads[0][:2] == (' aria-sort="ascending"', "?q=o&amp;sort=-name")
    assert heads[1] == ("", "?q=o", "Joined")
    heads = re.findall(
        r'<th scope="col"( aria-sort="\w+")?>\s*<a class="sorts" href="([^"]+)">', get_list().text
    )
    assert heads == [("", "?sort=name"), (' aria-sort="descending"', "?sort=joined")]


def test_unknown_page_cursor_starts_at_first_page(get_list):
    assert names_on(get_list("?before=999999")) == ORDERS[""]


def test_filtered_member_list_is_sorted(create_members, mia):
    for name in ("Zoe", "Ian"):
        warn_member(member=User.objects.get(name=name), by=mia, reason="Be kind.")
    page = browser_of(mia).get("/moderation/members/?show=warned&sort=name")
    assert names_on(page) == ["Ian", "Zoe"]


def test_rename_updates_sort_key(create_members, ada):
    from accounts.profile.rename import rename

    rename(by=ada, name="Émile")
    ada.refresh_from_db()
    assert ada.sort_key == sort_key("Émile") == "emile"
