"""Limits count guesses per targeted account; a device that its owner has signed in on has counters of its own."""

import time
from http.cookies import SimpleCookie
from itertools import count

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.auth import known_devices
from tests.conftest import PASSWORD, browser_of

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "blue-tit-77-sings"
numbers = count(1)


@pytest.fixture(autouse=True)
def clear_rate_limits():
    cache.clear()


def unknown_device() -> Client:
    return Client(REMOTE_ADDR=f"10.7.0.{next(numbers)}")


def log_in(browser: Client, login: str = "ada", password: str = PASSWORD) -> bool:
    answer = browser.post("/account/login/", {"login": login, "password": password})
    assert answer.status_code in (302, 422)
    return "_auth_user_id" in browser.session


def exhaust_guesses(login: str = "ada") -> None:
    """Uses up all guesses that a stranger has."""
    for _ in range(6):
        assert not log_in(unknown_device(), login, "wrong")


def known_device(login: str = "ada") -> Client:
    """A browser on which this member has signed in and out again."""
    browser = Client(REMOTE_ADDR="10.6.0.1")
    assert log_in(browser, login)
    browser.post("/account/logout/")
    assert "_auth_user_id" not in browser.session
    return browser


@pytest.mark.slow
def test_failed_guesses_elsewhere_do_not_lock_known_device(ada):
    browser = known_device()
    exhaust_guesses()
    assert not log_in(unknown_device())  # the control: the right password from anywhere else
    assert log_in(browser)


@pytest.mark.slow
@pytest.mark.parametrize("login", ["ADA", "ada@example.org", "ADA@Example.org"])
def test_known_device_is_recognized_for_any_login_spelling(ada, login):
    browser = known_device()
    exhaust_guesses()
    assert log_in(browser, login)


def test_known_device_is_locked_after_five_wrong_passwords(ada):
    browser = known_device()
    for number in range(5):
        browser.defaults["REMOTE_ADDR"] = f"10.5.0.{number}"
        assert not log_in(browser, password="wrong")
    assert not log_in(browser)
    assert log_in(unknown_device())  # and a success uses up nobody else's limit


@pytest.mark.slow
def test_device_known_for_one_member_is_unknown_for_another(ada, ben):
    browser = known_device("ben")
    exhaust_guesses()
    assert not log_in(browser)


@pytest.mark.slow
def test_device_can_be_known_for_several_members(ada, ben):
    browser = known_device()
    assert log_in(browser, "ben")
    browser.post("/account/logout/")
    exhaust_guesses()
    exhaust_guesses("ben")
    assert log_in(browser)
    browser.post("/account/logout/")
    assert log_in(browser, "ben")


def test_password_change_elsewhere_makes_device_unknown(ada):
    browser = known_device()
    ada.set_password(NEW_PASSWORD)
    ada.save()
    exhaust_guesses()
    assert not log_in(browser, password=NEW_PASSWORD)


@pytest.mark.slow
@pytest.mark.parametrize("days", [181, 400])
def test_device_becomes_unknown_after_half_a_year(ada, monkeypatch, days):
    browser, now = known_device(), time.time()
    monkeypatch.setattr(known_devices.time, "time", lambda: now + days * 86_400)
    exhaust_guesses()
    assert not log_in(browser)


def test_device_that_changes_password_stays_known(ada, client):
    log_in(client)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})
    client.post("/account/logout/")
    exhaust_guesses()
    assert log_in(client, password=NEW_PASSWORD)


def test_device_that_resets_password_by_mail_stays_known(ada, client, read_mailed_code):
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    client.post("/account/password/reset/confirm/", {"code": read_mailed_code()})
    client.post("/account/password/reset/complete/", {"password1": NEW_PASSWORD})
    exhaust_guesses()
    assert log_in(client, password=NEW_PASSWORD)


def test_signed_in_device_can_reauthenticate_despite_guess_limit(ada):
    browser = browser_of(ada)  # signed in before such cookies existed
    exhaust_guesses()
    answer = browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def forged_cookies(cookie: str, ada, ben) -> list[str]:
    number, day, device, signature = cookie.split(".")
    return [
        f"{ben.pk}.{day}.{device}.{signature}", f"{number}.{int(day) + 1}.{device}.{signature}",
        f"{number}.{day}.x.{signature}", f"{number}.{day}.{device}.", f"{number}.{day}.{device}.é", "...", ":" * 50,
        f"{number}.{day}.{signature}", "x" * 4000, f"{number}.x.y.z", f"{ada.pk}",
        "\u0661.1.1.1".encode().decode("latin-1"),
    ]  # fmt: skip


@pytest.mark.slow
def test_forged_device_cookie_is_ignored(ada, ben):
    browser = known_device()
    cookie = browser.cookies["known"].value
    exhaust_guesses()
    exhaust_guesses("ben")
    for made_up in forged_cookies(cookie, ada, ben):
        other = unknown_device()
        other.cookies = SimpleCookie()
        other.cookies["known"] = made_up
        assert not log_in(other), made_up
        assert not log_in(other, "ben"), made_up
    assert log_in(browser)


def test_device_cookie_is_secure_and_contains_no_username(ada, settings):
    settings.SESSION_COOKIE_SECURE, settings.KNOWN_DEVICE_COOKIE = True, "__Host-known"
    answer = Client().post("/account/login/", {"login": "ada", "password": PASSWORD})
    cookie = answer.cookies["__Host-known"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert "ada" not in cookie.value


def test_device_cookie_is_set_only_by_successful_sign_in(ada, client):
    client.get("/")
    log_in(client, password="wrong")
    assert "known" not in client.cookies
    log_in(client)
    assert "known" in client.cookies
    assert "known" not in client.get("/").cookies


# --- Resets ---


def ask_for_reset(browser: Client):
    return browser.post("/account/password/reset/", {"email": "ada@example.org"})


@pytest.fixture
def advance_clock(monkeypatch):
    """Moves the clock on by minutes, so that no other limit applies."""
    now, moments = time.time(), count(1)

    def go_on() -> None:
        at = now + 300 * next(moments)
        monkeypatch.setattr(time, "time", lambda: at)

    return go_on


@pytest.mark.slow
def test_resets_from_unknown_devices_do_not_block_known_device(ada, mailoutbox, advance_clock):
    browser = known_device()
    for _ in range(12):
        advance_clock()
        ask_for_reset(unknown_device())
    assert len(mailoutbox) == 10
    assert ask_for_reset(unknown_device()).status_code == 429  # the control
    assert ask_for_reset(browser).status_code == 302
    assert len(mailoutbox) == 11


def test_reset_limit_of_one_ip_does_not_block_other_ips(ada, mailoutbox, advance_clock):
    for _ in range(12):
        advance_clock()
        ask_for_reset(Client(REMOTE_ADDR="10.7.9.9"))
    assert len(mailoutbox) == 5
    assert ask_for_reset(unknown_device()).status_code == 302


@pytest.mark.slow
def test_known_device_has_daily_reset_limit(ada, mailoutbox, advance_clock):
    browser = known_device()
    for _ in range(12):
        advance_clock()
        ask_for_reset(browser)
    assert len(mailoutbox) == 10
