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


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def setup_code(client, ada, submit_login):
    """Ada sets up the app on the page. Returns the code that she used."""
    submit_login("ada")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").text
    secret = re.search(r'<p class="secret">(\w+)</p>', page)[1]
    code = totp_code(secret)
    answer = client.post("/account/2fa/totp/activate/", {"code": code})
    assert answer.url == "/account/2fa/recovery-codes/"
    return code


@pytest.mark.slow
def test_setup_code_cannot_be_reused_to_sign_in(setup_code, ada):
    other = Client()
    assert (
        other.post("/account/login/", {"login": "ada", "password": PASSWORD}).url
        == "/account/2fa/authenticate/"
    )
    assert other.post("/account/2fa/authenticate/", {"code": setup_code}).status_code == 422
    assert "_auth_user_id" not in other.session


def test_totp_code_signs_in_only_once(ada):
    TOTP.activate(ada, SECRET)
    code, sessions = totp_code(SECRET), []
    for _ in range(2):
        other = Client()
        other.post("/account/login/", {"login": "ada", "password": PASSWORD})
        other.post("/account/2fa/authenticate/", {"code": code})
        sessions.append("_auth_user_id" in other.session)
    assert sessions == [True, False]


@pytest.mark.slow
def test_recovery_code_signs_in_only_once(setup_code, client):
    code = re.search(r"<li>(\w+)</li>", client.get("/account/2fa/recovery-codes/").text)[1]
    sessions = []
    for _ in range(2):
        other = Client()
        other.post("/account/login/", {"login": "ada", "password": PASSWORD})
        other.post("/account/2fa/authenticate/", {"code": code})
        sessions.append("_auth_user_id" in other.session)
    assert sessions == [True, False]


@pytest.mark.slow
def test_second_factor_is_locked_after_five_wrong_codes(ada):
    TOTP.activate(ada, SECRET)
    other = Client()
    other.post("/account/login/", {"login": "ada", "password": PASSWORD})
    wrong = "000000" if totp_code(SECRET) != "000000" else "111111"
    for _ in range(5):
        other.post("/account/2fa/authenticate/", {"code": wrong})
    other.post("/account/2fa/authenticate/", {"code": totp_code(SECRET)})
    assert "_auth_user_id" not in other.session


def test_password_alone_does_not_sign_in(ada, client, submit_login):
    TOTP.activate(ada, SECRET)
    submit_login("ada")
    assert "_auth_user_id" not in client.session
    assert client.get("/account/settings/").status_code == 302


def test_secrets_are_stored_encrypted(setup_code, ada):
    for factor in Authenticator.objects.filter(user=ada):
        stored = factor.data.get("secret") or factor.data["seed"]
        assert stored.startswith("gAAAA")
        assert SecondFactorAdapter().decrypt(stored) not in stored


def test_fallback_secret_key_decrypts_secrets(ada, settings):
    TOTP.activate(ada, SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    assert SecondFactorAdapter().decrypt(Authenticator.objects.get().data["secret"]) == SECRET


def test_lost_secret_key_rejects_codes_without_server_error(ada, settings):
    TOTP.activate(ada, SECRET)
    other = Client()
    settings.SECRET_KEY = "another " * 8
    other.post("/account/login/", {"login": "ada", "password": PASSWORD})
    assert other.post("/account/2fa/authenticate/", {"code": totp_code(SECRET)}).status_code == 422


def test_deactivation_requires_reauthentication(ada, client, submit_login):
    TOTP.activate(ada, SECRET)
    client.force_login(ada)
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=ada).exists()
