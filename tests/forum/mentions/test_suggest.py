"""Suggestions for mentions: whom a member may mention by the beginning of a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.profile import rename as profile_rename
from accounts.rate_limiting.in_memory import InMemoryLimit
from accounts.rate_limiting.rate_counter import Limit, RateLimitExceeded
from forum.composer import autocomplete_views
from forum.models import Section
from tests.conftest import make_user, reply_to, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def bens_browser(ben, sign_in):
    return sign_in(ben)


def suggested_names(client, typed: str, topic=None, *, place: str = "") -> list[str]:
    place = f"reply:{topic.pk}" if topic else place
    asked = client.get("/suggest/members/", {"q": typed, "place": place})
    assert asked.status_code == 200
    return [member["name"] for member in asked.json()["members"]]


@pytest.fixture
def annas(db) -> list[User]:
    return [make_user(f"anna{letter}") for letter in "abcdefghjkmn"]


def test_suggestions_match_the_typed_prefix(bens_browser, ada, annas):
    assert suggested_names(bens_browser, "Anna")[:2] == ["annaa", "annab"]
    assert suggested_names(bens_browser, "ad") == ["ada"]
    assert suggested_names(bens_browser, "ANNAC") == ["annac"]
    assert (
        suggested_names(bens_browser, "zz")
        == suggested_names(bens_browser, "")
        == suggested_names(bens_browser, "a" * 500)
        == []
    )
    assert len(suggested_names(bens_browser, "a")) == 8


def test_name_with_lookalike_letters_is_found_by_every_prefix(bens_browser):
    for name in ("kim", "cornelius", "vvilma"):
        make_user(name)
        for length in range(1, len(name) + 1):
            assert name in suggested_names(bens_browser, name[:length]), name[:length]


def test_topic_participants_are_suggested_first(bens_browser, topic, annas):
    reply_to(topic, annas[11])
    assert suggested_names(bens_browser, "anna", topic)[:2] == ["annan", "annaa"]
    assert len(suggested_names(bens_browser, "anna", topic)) == 8
    assert set(suggested_names(bens_browser, "", topic)) == {"ada", "ben", "annan"}


def test_reply_suggests_only_members_who_can_read_the_section(topic, talk, ada, ben, mia, sign_in):
    talk.read_by = Section.Audience.STAFF
    talk.save()
    assert suggested_names(sign_in(mia), "a", topic) == []
    assert suggested_names(sign_in(mia), "m", topic) == ["mia"]


def test_new_topic_suggests_only_members_who_can_read_the_section(talk, ada, mia, sign_in):
    place = f"topic:{talk.pk}"
    assert suggested_names(sign_in(mia), "a", place=place) == ["ada"]
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert suggested_names(sign_in(mia), "a", place=place) == []
    assert suggested_names(sign_in(mia), "m", place=place) == ["mia"]


def test_edit_suggests_participants_of_the_topic(topic, bens, mia, sign_in):
    assert suggested_names(sign_in(mia), "", place=f"edit:{bens.pk}") == ["ada", "ben"]


@pytest.mark.parametrize("place", ["", "nonsense", "reply:", "edit:999999999", "topic:x"])
def test_invalid_draft_key_suggests_members_without_a_topic(bens_browser, ada, place):
    assert suggested_names(bens_browser, "ad", place=place) == ["ada"]


def test_hidden_topic_does_not_affect_suggestions(talk, ada, mia, bens_browser):
    secret = Section.objects.create(name="Desk", slug="desk", read_by=Section.Audience.STAFF)
    hidden = start(secret, mia)
    assert suggested_names(bens_browser, "", hidden) == []
    assert suggested_names(bens_browser, "ad", hidden) == ["ada"]


def test_member_without_a_confirmed_email_is_not_suggested(bens_browser):
    User.objects.create_user("newcomer", "newcomer@example.org", "a-bell-in-a-tower")
    assert suggested_names(bens_browser, "new") == []


def test_guest_is_asked_to_sign_in(guest, ada):
    assert guest.get("/suggest/members/?q=a")["Location"].startswith("/account/login/")


def test_query_count_does_not_grow_with_participants(bens_browser, topic, annas):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            suggested_names(bens_browser, "anna", topic)
        return len(captured)

    before = queries()
    for anna in annas[:5]:
        reply_to(topic, anna)
    assert queries() == before <= 5


@pytest.mark.usefixtures("in_one_slot")
def test_too_many_requests_return_429(bens_browser, monkeypatch):
    monkeypatch.setattr(autocomplete_views, "RATE", InMemoryLimit(Limit("suggest", 2, 60)))
    statuses = [bens_browser.get("/suggest/members/?q=a").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert 1 <= int(bens_browser.get("/suggest/members/?q=a")["Retry-After"]) <= 60


def test_rate_limit_is_per_member_and_resets(ada, ben):
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
def test_accents_are_optional_in_the_typed_prefix(bens_browser, name, typed):
    make_user(name)
    assert suggested_names(bens_browser, typed) == [name]


def test_renamed_member_is_found_without_accents(bens_browser, ada):
    profile_rename.rename(by=ada, name="Édith")
    assert suggested_names(bens_browser, "edi") == ["Édith"]
