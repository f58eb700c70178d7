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
NEW = "blue-tit-77-sings"
numbers = count(1)


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


def stranger() -> Client:
    return Client(REMOTE_ADDR=f"10.7.0.{next(numbers)}")


def enter(browser: Client, login: str = "ada", password: str = PASSWORD) -> bool:
    answer = browser.post("/account/login/", {"login": login, "password": password})
    assert answer.status_code in (302, 422)
    return "_auth_user_id" in browser.session


def guessed_at(login: str = "ada") -> None:
    """Uses up all guesses that a stranger has."""
    for _ in range(6):
        assert not enter(stranger(), login, "wrong")


def known_to(login: str = "ada") -> Client:
    """A browser on which this member has signed in and out again."""
    browser = Client(REMOTE_ADDR="10.6.0.1")
    assert enter(browser, login)
    browser.post("/account/logout/")
    assert "_auth_user_id" not in browser.session
    return browser


def test_strangers_keep_nobody_out_of_a_device_that_knows_them(ada):
    browser = known_to()
    guessed_at()
    assert not enter(stranger())  # the control: the right password from anywhere else
    assert enter(browser)


@pytest.mark.parametrize("login", ["ADA", "ada@example.org", "ADA@Example.org"])
def test_however_they_spell_themselves(ada, login):
    browser = known_to()
    guessed_at()
    assert enter(browser, login)


def test_a_known_device_has_a_limit_too(ada):
    browser = known_to()
    for number in range(5):
        browser.defaults["REMOTE_ADDR"] = f"10.5.0.{number}"
        assert not enter(browser, password="wrong")
    assert not enter(browser)
    assert enter(stranger())  # and a success uses up nobody else's limit


def test_it_knows_one_account_and_no_other(ada, ben):
    browser = known_to("ben")
    guessed_at()
    assert not enter(browser)


def test_several_people_share_a_device(ada, ben):
    browser = known_to()
    assert enter(browser, "ben")
    browser.post("/account/logout/")
    guessed_at()
    guessed_at("ben")
    assert enter(browser)
    browser.post("/account/logout/")
    assert enter(browser, "ben")


def test_another_password_makes_it_a_stranger(ada):
    browser = known_to()
    ada.set_password(NEW)
    ada.save()
    guessed_at()
    assert not enter(browser, password=NEW)


@pytest.mark.parametrize("days", [181, 400])
def test_so_does_half_a_year(ada, monkeypatch, days):
    browser, now = known_to(), time.time()
    monkeypatch.setattr(known_devices.time, "time", lambda: now + days * 86_400)
    guessed_at()
    assert not enter(browser)


def test_who_changes_the_password_stays_known_there(ada, client):
    enter(client)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    client.post("/account/logout/")
    guessed_at()
    assert enter(client, password=NEW)


def test_so_does_who_chooses_a_new_one_by_mail(ada, client, code_in):
    client.post("/account/password/reset/", {"email": "ada@example.org"})
    client.post("/account/password/reset/confirm/", {"code": code_in()})
    client.post("/account/password/reset/complete/", {"password1": NEW})
    guessed_at()
    assert enter(client, password=NEW)


def test_showing_again_who_one_is_goes_on_too(ada):
    browser = browser_of(ada)  # signed in before such cookies existed
    guessed_at()
    answer = browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def forged(cookie: str, ada, ben) -> list[str]:
    number, day, device, signature = cookie.split(".")
    return [
        f"{ben.pk}.{day}.{device}.{signature}", f"{number}.{int(day) + 1}.{device}.{signature}",
        f"{number}.{day}.x.{signature}", f"{number}.{day}.{device}.", f"{number}.{day}.{device}.é", "...", ":" * 50,
        f"{number}.{day}.{signature}", "x" * 4000, f"{number}.x.y.z", f"{ada.pk}",
        "\u0661.1.1.1".encode().decode("latin-1"),
    ]  # fmt: skip


def test_a_cookie_that_was_made_up_helps_nobody(ada, ben):
    browser = known_to()
    cookie = browser.cookies["known"].value
    guessed_at()
    guessed_at("ben")
    for made_up in forged(cookie, ada, ben):
        other = stranger()
        other.cookies = SimpleCookie()
        other.cookies["known"] = made_up
        assert not enter(other), made_up
        assert not enter(other, "ben"), made_up
    assert enter(browser)


def test_the_cookie_says_nothing_and_is_for_this_site_alone(ada, settings):
    settings.SESSION_COOKIE_SECURE, settings.KNOWN_DEVICE_COOKIE = True, "__Host-known"
    answer = Client().post("/account/login/", {"login": "ada", "password": PASSWORD})
    cookie = answer.cookies["__Host-known"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert "ada" not in cookie.value


def test_it_comes_with_signing_in_alone(ada, client):
    client.get("/")
    enter(client, password="wrong")
    assert "known" not in client.cookies
    enter(client)
    assert "known" in client.cookies
    assert "known" not in client.get("/").cookies


# --- Resets ---


def ask_for_reset(browser: Client):
    return browser.post("/account/password/reset/", {"email": "ada@example.org"})


@pytest.fixture
def the_day(monkeypatch):
    """Moves the clock on by minutes, so that no other limit applies."""
    now, moments = time.time(), count(1)

    def go_on() -> None:
        at = now + 300 * next(moments)
        monkeypatch.setattr(time, "time", lambda: at)

    return go_on


def test_strangers_do_not_use_up_the_resets_of_a_known_device(ada, mailoutbox, the_day):
    browser = known_to()
    for _ in range(12):
        the_day()
        ask_for_reset(stranger())
    assert len(mailoutbox) == 10
    assert ask_for_reset(stranger()).status_code == 429  # the control
    assert ask_for_reset(browser).status_code == 302
    assert len(mailoutbox) == 11


def test_one_network_does_not_use_up_everybodys(ada, mailoutbox, the_day):
    for _ in range(12):
        the_day()
        ask_for_reset(Client(REMOTE_ADDR="10.7.9.9"))
    assert len(mailoutbox) == 5
    assert ask_for_reset(stranger()).status_code == 302


def test_a_known_device_has_a_day_s_limit_too(ada, mailoutbox, the_day):
    browser = known_to()
    for _ in range(12):
        the_day()
        ask_for_reset(browser)
    assert len(mailoutbox) == 10
