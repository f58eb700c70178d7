"""TOTP and recovery codes: each code works once, and secrets are stored encrypted."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from accounts.auth.second_factors import SecondFactorAdapter
from tests.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("totp_clock")
SECRET = "JBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def set_up(client, ada, enter):
    """Ada sets up the app on the page. Returns the code that she used."""
    enter("ada")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").text
    secret = re.search(r'<p class="secret">(\w+)</p>', page)[1]
    code = code_of(secret)
    answer = client.post("/account/2fa/totp/activate/", {"code": code})
    assert answer.url == "/account/2fa/recovery-codes/"
    return code


def test_the_code_that_set_it_up_does_not_sign_in_as_well(set_up, ada):
    other = Client()
    assert (
        other.post("/account/login/", {"login": "ada", "password": PASSWORD}).url
        == "/account/2fa/authenticate/"
    )
    assert other.post("/account/2fa/authenticate/", {"code": set_up}).status_code == 422
    assert "_auth_user_id" not in other.session


def test_a_code_signs_in_once(ada):
    TOTP.activate(ada, SECRET)
    code, sessions = code_of(SECRET), []
    for _ in range(2):
        other = Client()
        other.post("/account/login/", {"login": "ada", "password": PASSWORD})
        other.post("/account/2fa/authenticate/", {"code": code})
        sessions.append("_auth_user_id" in other.session)
    assert sessions == [True, False]


def test_a_recovery_code_signs_in_once(set_up, client):
    code = re.search(r"<li>(\w+)</li>", client.get("/account/2fa/recovery-codes/").text)[1]
    sessions = []
    for _ in range(2):
        other = Client()
        other.post("/account/login/", {"login": "ada", "password": PASSWORD})
        other.post("/account/2fa/authenticate/", {"code": code})
        sessions.append("_auth_user_id" in other.session)
    assert sessions == [True, False]


def test_a_code_guessed_five_times_closes_the_door(ada):
    TOTP.activate(ada, SECRET)
    other = Client()
    other.post("/account/login/", {"login": "ada", "password": PASSWORD})
    wrong = "000000" if code_of(SECRET) != "000000" else "111111"
    for _ in range(5):
        other.post("/account/2fa/authenticate/", {"code": wrong})
    other.post("/account/2fa/authenticate/", {"code": code_of(SECRET)})
    assert "_auth_user_id" not in other.session


def test_the_password_alone_is_not_enough(ada, client, enter):
    TOTP.activate(ada, SECRET)
    enter("ada")
    assert "_auth_user_id" not in client.session
    assert client.get("/account/settings/").status_code == 302


def test_secrets_lie_encrypted(set_up, ada):
    for factor in Authenticator.objects.filter(user=ada):
        stored = factor.data.get("secret") or factor.data["seed"]
        assert stored.startswith("gAAAA")
        assert SecondFactorAdapter().decrypt(stored) not in stored


def test_a_changed_secret_key_still_reads_them_by_its_fallback(ada, settings):
    TOTP.activate(ada, SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    assert SecondFactorAdapter().decrypt(Authenticator.objects.get().data["secret"]) == SECRET


def test_without_the_key_no_code_is_right_and_no_page_fails(ada, settings):
    TOTP.activate(ada, SECRET)
    other = Client()
    settings.SECRET_KEY = "another " * 8
    other.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert other.post("/account/2fa/authenticate/", {"code": code_of(SECRET)}).status_code == 422


def test_taking_it_out_asks_for_the_password_again(ada, client, enter):
    TOTP.activate(ada, SECRET)
    client.force_login(ada)
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=ada).exists()
