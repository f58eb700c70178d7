"""Every account page exists, uses Belfry's layout and keeps the strict content security policy."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from tests.conftest import PASSWORD

GUEST_PATHS = ["login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"]
MEMBER_PATHS = [
    "settings/", "name/", "email/", "password/change/", "logout/", "reauthenticate/", "2fa/", "2fa/webauthn/",
    "2fa/totp/activate/", "2fa/webauthn/add/",
]  # fmt: skip
SECOND_FACTOR_PATHS = [
    "2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/reauthenticate/",
    "2fa/webauthn/keys/{key}/edit/", "2fa/webauthn/keys/{key}/remove/", "2fa/webauthn/",
]  # fmt: skip


def assert_uses_site_layout(page):
    assert page.status_code == 200
    html = page.text
    assert '<main class="page narrow' in html
    assert html.count("<h1>") == 1
    assert not re.search(r'<style|style="| on\w+="', html)
    scripts = re.findall(r"<script[^>]*>", html)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert not re.search(r"placeholder=|Two-Factor|reauthenticate to|\{\{|\{%", html)


@pytest.fixture
def reauthenticated_client(client, ada, submit_login):
    submit_login("ada")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize("path", GUEST_PATHS)
def test_guest_page_uses_site_layout(client, db, path):
    assert_uses_site_layout(client.get(f"/account/{path}"))


@pytest.mark.parametrize("path", MEMBER_PATHS)
def test_member_page_uses_site_layout(reauthenticated_client, path):
    assert_uses_site_layout(reauthenticated_client.get(f"/account/{path}"))


@pytest.mark.parametrize("path", SECOND_FACTOR_PATHS)
def test_second_factor_page_uses_site_layout(reauthenticated_client, ada, path):
    TOTP.activate(ada, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ada)
    data = {"name": "phone", "credential": {"clientExtensionResults": {}}}
    key = Authenticator.objects.create(user=ada, type="webauthn", data=data)
    assert_uses_site_layout(reauthenticated_client.get(f"/account/{path.format(key=key.pk)}"))


@pytest.mark.parametrize("path", MEMBER_PATHS)
def test_guest_is_redirected_to_sign_in(client, db, path):
    answer = client.get(f"/account/{path}")
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/") or answer.url == "/"


def test_account_root_redirects_to_settings(reauthenticated_client):
    assert reauthenticated_client.get("/account/").url == "/account/settings/"


@pytest.mark.slow
def test_settings_page_is_not_cacheable(reauthenticated_client):
    assert "no-store" in reauthenticated_client.get("/account/settings/")["Cache-Control"]
