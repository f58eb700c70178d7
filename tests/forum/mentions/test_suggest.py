"""Suggestions for mentions: whom a member may mention by the beginning of a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.profile import rename as profile_rename
from accounts.rate_limiting.in_memory import InMemoryLimit
from accounts.rate_limiting.limits import Limit, RateLimitExceeded
from forum.composer import autocomplete_views
from forum.models import Section
from tests.conftest import make_user, reply_to, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def bens_browser(ben, sign_in):
    return sign_in(ben)


def names(client, typed: str, topic=None, *, place: str = "") -> list[str]:
    place = f"reply:{topic.pk}" if topic else place
    asked = client.get("/suggest/members/", {"q": typed, "place": place})
    assert asked.status_code == 200
    return [member["name"] for member in asked.json()["members"]]


@pytest.fixture
def annas(db) -> list[User]:
    return [make_user(f"anna{letter}") for letter in "abcdefghjkmn"]


def test_names_that_begin_so(bens_browser, ada, annas):
    assert names(bens_browser, "Anna")[:2] == ["annaa", "annab"]
    assert names(bens_browser, "ad") == ["ada"]
    assert names(bens_browser, "ANNAC") == ["annac"]
    assert names(bens_browser, "zz") == names(bens_browser, "") == names(bens_browser, "a" * 500) == []
    assert len(names(bens_browser, "a")) == 8


def test_what_looks_alike_is_found_while_it_is_typed(bens_browser):
    for name in ("kim", "cornelius", "vvilma"):
        make_user(name)
        for length in range(1, len(name) + 1):
            assert name in names(bens_browser, name[:length]), name[:length]


def test_who_writes_in_the_topic_stands_first(bens_browser, topic, annas):
    reply_to(topic, annas[11])
    assert names(bens_browser, "anna", topic)[:2] == ["annan", "annaa"]
    assert len(names(bens_browser, "anna", topic)) == 8
    assert set(names(bens_browser, "", topic)) == {"ada", "ben", "annan"}


def test_only_who_may_read_there(topic, talk, ada, ben, mia, sign_in):
    talk.read_by = Section.Audience.STAFF
    talk.save()
    assert names(sign_in(mia), "a", topic) == []
    assert names(sign_in(mia), "m", topic) == ["mia"]


def test_for_a_new_topic_only_who_may_read_in_its_section(talk, ada, mia, sign_in):
    place = f"topic:{talk.pk}"
    assert names(sign_in(mia), "a", place=place) == ["ada"]
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert names(sign_in(mia), "a", place=place) == []
    assert names(sign_in(mia), "m", place=place) == ["mia"]


def test_for_an_edit_those_of_its_topic(topic, bens, mia, sign_in):
    assert names(sign_in(mia), "", place=f"edit:{bens.pk}") == ["ada", "ben"]


@pytest.mark.parametrize("place", ["", "nonsense", "reply:", "edit:999999999", "topic:x"])
def test_a_place_that_never_was(bens_browser, ada, place):
    assert names(bens_browser, "ad", place=place) == ["ada"]


def test_a_topic_that_is_hidden_is_as_one_that_never_was(talk, ada, mia, bens_browser):
    secret = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    hidden = start(secret, mia)
    assert names(bens_browser, "", hidden) == []
    assert names(bens_browser, "ad", hidden) == ["ada"]


def test_who_never_confirmed_an_address_is_not_offered(bens_browser):
    User.objects.create_user("newcomer", "newcomer@example.org", "a-bell-in-a-tower")
    assert names(bens_browser, "new") == []


def test_guests_are_asked_to_sign_in(guest, ada):
    assert guest.get("/suggest/members/?q=a")["Location"].startswith("/account/login/")


def test_it_costs_the_same_whoever_writes_there(bens_browser, topic, annas):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            names(bens_browser, "anna", topic)
        return len(captured)

    before = queries()
    for anna in annas[:5]:
        reply_to(topic, anna)
    assert queries() == before <= 5


@pytest.mark.usefixtures("in_one_slot")
def test_too_fast_is_429(bens_browser, monkeypatch):
    monkeypatch.setattr(autocomplete_views, "RATE", InMemoryLimit(Limit("suggest", 2, 60)))
    statuses = [bens_browser.get("/suggest/members/?q=a").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert 1 <= int(bens_browser.get("/suggest/members/?q=a")["Retry-After"]) <= 60


def test_the_pace_is_each_members_own_and_begins_anew(ada, ben):
    pace = InMemoryLimit(Limit("suggest", 1, 60))
    pace.spend(by=ada, now=0)
    pace.spend(by=ben, now=0)
    with pytest.raises(RateLimitExceeded) as refused:
        pace.spend(by=ada, now=50)
    assert refused.value.retry_after == 10
    pace.spend(by=ada, now=60)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ólafur", "ola"),
        ("Ólafur", "Ól"),
        ("Ólafur", "ólAFUR"),
        ("Søren", "sor"),
        ("Łukasz", "luk"),
        ("Große", "gros"),
        ("Große", "grosse"),
        ("Đặng", "dang"),
        ("Ætla", "aet"),
        ("Þóra", "thor"),
        ("Ñandú", "nandu"),
        ("ısık", "isik"),
        ("Șerban", "serb"),
        ("Ёлка", "елк"),
        ("Zoë", "zoe"),
        ("Zoe", "zoë"),
    ],
)
def test_accents_need_not_be_typed(bens_browser, name, typed):
    make_user(name)
    assert names(bens_browser, typed) == [name]


def test_a_new_name_is_found_without_its_accents_too(bens_browser, ada):
    profile_rename.rename(by=ada, name="Édith")
    assert names(bens_browser, "edi") == ["Édith"]
