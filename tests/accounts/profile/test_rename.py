"""Renaming a member."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import FormerName, User
from accounts.profile import rename as profile_rename
from accounts.profile.taken_names import NameTaken
from tests.conftest import make_user
from tests.support.concurrency import run_concurrently


def test_old_profile_url_redirects_after_rename(sign_in, ada, guest):
    assert sign_in(ada).post("/account/name/", {"name": "Ada.L"}).status_code == 302
    ada.refresh_from_db()
    assert ada.name == "Ada.L"
    assert guest.get("/u/ada/").url == "/u/Ada.L/"


def test_rename_is_allowed_once_in_ninety_days(sign_in, ada):
    browser = sign_in(ada)
    browser.post("/account/name/", {"name": "lovelace"})
    assert browser.post("/account/name/", {"name": "byron"}).status_code == 422
    assert "You can change it again from" in browser.get("/account/name/").text
    User.objects.update(name_changed_at=timezone.now() - timedelta(days=90, seconds=1))
    assert browser.post("/account/name/", {"name": "byron"}).status_code == 302


def test_taken_former_or_invalid_name_is_rejected(sign_in, ada, ben):
    profile_rename.rename(by=ben, name="benjamin")
    browser = sign_in(ada)
    for name in ("benjamin", "Benjamin", "ben", "BEN", "x", "two words", "<b>", ""):
        assert browser.post("/account/name/", {"name": name}).status_code == 422
    ada.refresh_from_db()
    assert ada.name == "ada"


def test_member_can_return_to_own_former_name(ada):
    profile_rename.rename(by=ada, name="lovelace")
    User.objects.update(name_changed_at=None)
    profile_rename.rename(by=User.objects.get(), name="ada")
    assert list(FormerName.objects.values_list("name", flat=True)) == ["lovelace"]


def test_case_only_rename_reserves_no_former_name(ada):
    profile_rename.rename(by=ada, name="Ada")
    assert User.objects.get().name == "Ada"
    assert not FormerName.objects.exists()


def test_session_survives_rename(sign_in, ada):
    browser = sign_in(ada)
    browser.post("/account/name/", {"name": "lovelace"})
    assert browser.get("/account/settings/").status_code == 200


def deferred_rename(person: User, name: str):
    return partial(profile_rename.rename, by=person, name=name)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_renames_to_one_name_succeed_once():
    for number in range(5):
        people = [make_user(f"old{letter}{number}") for letter in "abcd"]
        outcomes = run_concurrently(*(deferred_rename(person, f"wanted{number}") for person in people))
        assert outcomes.count(True) == 1
        assert all(outcome is True or isinstance(outcome, NameTaken) for outcome in outcomes)


@pytest.mark.django_db(transaction=True)
def test_name_given_up_cannot_be_taken_by_concurrent_rename():
    """One member gives the name up while the other asks for it: it stays with the first."""
    for number in range(5):
        gives, wants = make_user(f"prize{number}"), make_user(f"wants{number}")
        run_concurrently(deferred_rename(gives, f"gone{number}"), deferred_rename(wants, f"prize{number}"))
        assert FormerName.objects.get(name=f"prize{number}").user == gives
        assert not User.objects.filter(name=f"prize{number}").exists()
