"""Renaming a member."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import FormerName, User
from accounts.profile import rename as profile_rename
from accounts.profile.taken_names import NameTaken
from tests.conftest import make_user
from tests.support.racing import at_once


def test_the_new_name_counts_and_the_old_one_leads_to_it(sign_in, ada, guest):
    assert sign_in(ada).post("/account/name/", {"name": "Ada.L"}).status_code == 302
    ada.refresh_from_db()
    assert ada.name == "Ada.L"
    assert guest.get("/u/ada/").url == "/u/Ada.L/"


def test_not_twice_in_ninety_days(sign_in, ada):
    browser = sign_in(ada)
    browser.post("/account/name/", {"name": "lovelace"})
    assert browser.post("/account/name/", {"name": "byron"}).status_code == 422
    assert "You can change it again from" in browser.get("/account/name/").text
    User.objects.update(name_changed_at=timezone.now() - timedelta(days=90, seconds=1))
    assert browser.post("/account/name/", {"name": "byron"}).status_code == 302


def test_a_name_that_is_or_was_somebodys_is_taken(sign_in, ada, ben):
    profile_rename.rename(by=ben, name="benjamin")
    browser = sign_in(ada)
    for name in ("benjamin", "Benjamin", "ben", "BEN", "x", "two words", "<b>", ""):
        assert browser.post("/account/name/", {"name": name}).status_code == 422
    ada.refresh_from_db()
    assert ada.name == "ada"


def test_one_may_come_back_to_ones_own_name(ada):
    profile_rename.rename(by=ada, name="lovelace")
    User.objects.update(name_changed_at=None)
    profile_rename.rename(by=User.objects.get(), name="ada")
    assert list(FormerName.objects.values_list("name", flat=True)) == ["lovelace"]


def test_only_its_case_changed(ada):
    profile_rename.rename(by=ada, name="Ada")
    assert User.objects.get().name == "Ada"
    assert not FormerName.objects.exists()


def test_the_session_goes_on(sign_in, ada):
    browser = sign_in(ada)
    browser.post("/account/name/", {"name": "lovelace"})
    assert browser.get("/account/settings/").status_code == 200


def rename_of(person: User, name: str):
    return partial(profile_rename.rename, by=person, name=name)


@pytest.mark.django_db(transaction=True)
def test_two_who_want_one_name_at_once():
    for number in range(5):
        people = [make_user(f"old{letter}{number}") for letter in "abcd"]
        outcomes = at_once(*(rename_of(person, f"wanted{number}") for person in people))
        assert outcomes.count(True) == 1
        assert all(outcome is True or isinstance(outcome, NameTaken) for outcome in outcomes)


@pytest.mark.django_db(transaction=True)
def test_a_name_given_up_is_not_caught_by_somebody_who_waits_for_it():
    """One member gives the name up while the other asks for it: it stays with the first."""
    for number in range(5):
        gives, wants = make_user(f"prize{number}"), make_user(f"wants{number}")
        at_once(rename_of(gives, f"gone{number}"), rename_of(wants, f"prize{number}"))
        assert FormerName.objects.get(name=f"prize{number}").user == gives
        assert not User.objects.filter(name=f"prize{number}").exists()
