"""Every account page exists, uses Belfry's layout and keeps the strict content security policy."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from tests.conftest import PASSWORD

FOR_GUESTS = ["login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"]
FOR_MEMBERS = [
    "settings/", "name/", "email/", "password/change/", "logout/", "reauthenticate/", "2fa/", "2fa/webauthn/",
    "2fa/totp/activate/", "2fa/webauthn/add/",
]  # fmt: skip
WITH_SECOND_FACTOR = [
    "2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/reauthenticate/",
    "2fa/webauthn/keys/{key}/edit/", "2fa/webauthn/keys/{key}/remove/", "2fa/webauthn/",
]  # fmt: skip


def assert_reads_like_belfry(page):
    assert page.status_code == 200
    html = page.text
    assert '<main class="page narrow' in html
    assert html.count("<h1>") == 1
    assert not re.search(r'<style|style="| on\w+="', html)
    scripts = re.findall(r"<script[^>]*>", html)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert not re.search(r"placeholder=|Two-Factor|reauthenticate to|\{\{|\{%", html)


@pytest.fixture
def as_ada(client, ada, enter):
    enter("ada")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize("path", FOR_GUESTS)
def test_pages_for_guests(client, db, path):
    assert_reads_like_belfry(client.get(f"/account/{path}"))


@pytest.mark.parametrize("path", FOR_MEMBERS)
def test_pages_for_members(as_ada, path):
    assert_reads_like_belfry(as_ada.get(f"/account/{path}"))


@pytest.mark.parametrize("path", WITH_SECOND_FACTOR)
def test_pages_with_a_second_factor(as_ada, ada, path):
    TOTP.activate(ada, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ada)
    data = {"name": "phone", "credential": {"clientExtensionResults": {}}}
    key = Authenticator.objects.create(user=ada, type="webauthn", data=data)
    assert_reads_like_belfry(as_ada.get(f"/account/{path.format(key=key.pk)}"))


@pytest.mark.parametrize("path", FOR_MEMBERS)
def test_guests_are_asked_to_sign_in(client, db, path):
    answer = client.get(f"/account/{path}")
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/") or answer.url == "/"


def test_the_account_itself_leads_to_the_settings(as_ada):
    assert as_ada.get("/account/").url == "/account/settings/"


def test_nothing_is_kept_by_a_cache(as_ada):
    assert "no-store" in as_ada.get("/account/settings/")["Cache-Control"]
