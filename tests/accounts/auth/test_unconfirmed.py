"""Sign-ups that are never confirmed are deleted after seven days; and the limit of sign-ups from one IP address."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.auth import unconfirmed
from accounts.models import IpSighting, User
from accounts.tasks import delete_unconfirmed_accounts
from moderation.members.sanction import warn_member
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db
DORA = {"username": "Dora", "email": "dora@example.org", "password1": "grey-heron-42", "accepts_rules": "on"}


def sign_up(browser: Client | None = None, **fields: str):
    return (browser or Client()).post("/account/signup/", {**DORA, **fields})


def backdate_sign_ups(days: float) -> None:
    User.objects.update(joined_at=timezone.now() - timedelta(days=days))


def test_unconfirmed_account_is_deleted_after_seven_days():
    sign_up()
    backdate_sign_ups(6.9)
    delete_unconfirmed_accounts(0)
    assert User.objects.count() == 1
    backdate_sign_ups(7.1)
    delete_unconfirmed_accounts(0)
    assert (User.objects.count(), EmailAddress.objects.count(), IpSighting.objects.count()) == (0, 0, 0)
    cache.clear()  # an address gets one mail in ten seconds
    assert sign_up().status_code == 302
    assert User.objects.get().email == "dora@example.org"


def test_confirmed_account_is_not_deleted(client, read_mailed_code):
    sign_up(client)
    client.post("/account/confirm-email/", {"code": read_mailed_code()})
    backdate_sign_ups(99)
    delete_unconfirmed_accounts(0)
    assert User.objects.get().name == "Dora"


def test_other_accounts_with_unverified_address_are_not_deleted(ada, mia, noor):
    """A new address that waits for its code; staff; a member who has signed in; an account made by a command."""
    EmailAddress.objects.create(user=ada, email="ada@new.example", verified=False)
    EmailAddress.objects.filter(user__in=[mia, noor]).update(verified=False)
    been = make_user("been")
    EmailAddress.objects.filter(user=been).update(verified=False)
    User.objects.filter(pk=been.pk).update(last_login=timezone.now())
    User.objects.create_user("made", "made@example.org", PASSWORD)
    backdate_sign_ups(99)
    assert unconfirmed.delete_abandoned() == 0
    assert User.objects.count() == 5


def test_unconfirmed_account_in_audit_log_is_not_deleted(mia):
    for name in ("dora", "emma", "fay"):
        sign_up(username=name, email=f"{name}@example.org")
    warn_member(member=User.objects.get(name="emma"), by=mia, reason="For the name.")
    backdate_sign_ups(8)
    assert unconfirmed.delete_abandoned() == 2
    assert set(User.objects.values_list("name", flat=True)) == {"mia", "emma"}


def test_unconfirmed_accounts_are_deleted_in_several_batches(monkeypatch):
    monkeypatch.setattr(unconfirmed, "BATCH_SIZE", 2)
    for number in range(5):
        member = make_user(f"m{number}")
        EmailAddress.objects.filter(user=member).update(verified=False)
    backdate_sign_ups(8)
    assert unconfirmed.delete_abandoned() == 5


def test_code_of_deleted_sign_up_does_not_sign_in(client, read_mailed_code):
    sign_up(client)
    backdate_sign_ups(8)
    delete_unconfirmed_accounts(0)
    answer = client.post("/account/confirm-email/", {"code": read_mailed_code()})
    assert (answer.status_code, "Sign up again." in answer.text) == (422, True)
    assert "_auth_user_id" not in client.session
    assert not User.objects.exists()


@pytest.fixture
def three_sign_ups_per_day(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signed_up": "3/d/ip"}


@pytest.mark.usefixtures("three_sign_ups_per_day")
def test_sign_ups_per_ip_address_are_limited_per_day(ada):
    """An address that already has an account counts the same, so that the limit does not reveal which one has."""
    for number in range(2):
        name = f"dora{number}"
        assert sign_up(username=name, email=f"{name}@example.org").status_code == 302
    assert sign_up(username="dora2", email="ada@example.org").status_code == 302
    for email in ("dora3@example.org", "ada@example.org"):
        refused = sign_up(username="dora3", email=email)
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
        assert 'value="dora3"' in refused.text
    assert User.objects.count() == 3
    elsewhere = Client(REMOTE_ADDR="10.8.0.1")
    assert sign_up(elsewhere, username="dora3", email="dora3@example.org").status_code == 302


@pytest.mark.usefixtures("three_sign_ups_per_day")
def test_rejected_sign_up_does_not_count_towards_limit():
    for _ in range(4):
        assert sign_up(username="x").status_code == 422
    assert sign_up().status_code == 302
