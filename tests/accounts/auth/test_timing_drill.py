"""Measures how long sign-in takes for an address with an account and one without. The everyday tests use no clock;
they count the work (test_no_enumeration.py)."""

import time
from statistics import median, quantiles

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, make_user
from tests.support.drills import rounds

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def production_password_hasher(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]


def sign_up(number: int, address: str):
    said = {"username": f"m{number}", "email": address, "password1": "grey-heron-42", "accepts_rules": "on"}
    return "/account/signup/", said, 302


def log_in(number: int, address: str):
    return "/account/login/", {"login": address, "password": "wrong"}, 422


def ask_for_reset(number: int, address: str):
    return "/account/password/reset/", {"email": address}, 302


def measure_milliseconds(number: int, path: str, said: dict[str, str], status: int) -> float:
    cache.clear()
    browser = Client(REMOTE_ADDR=f"10.{number // 250 % 250}.{number % 250}.1")
    began = time.perf_counter()
    answer = browser.post(path, said)
    seconds = time.perf_counter() - began
    assert answer.status_code == status
    return seconds * 1_000


def chance_unknown_slower(known: list[float], unknown: list[float]) -> float:
    """Returns how often, of one measurement of each kind, the unknown address takes longer: 0.5 is a guess."""
    longer = sum((one > other) + (one == other) / 2 for one in unknown for other in known)
    return longer / (len(known) * len(unknown))


@pytest.mark.parametrize("form", [sign_up, log_in, ask_for_reset])
def test_response_time_is_equal_for_known_and_unknown_address(form, mailoutbox):
    make_user("ada")
    assert User.objects.get().check_password(PASSWORD)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(rounds(60)):
        for turn, kind in enumerate(("known", "unknown") if number % 2 else ("unknown", "known")):
            address = "ada@example.org" if kind == "known" else f"eve{number}@example.org"
            times[kind].append(measure_milliseconds(2 * number + turn, *form(2 * number + turn, address)))
    for kind, those in times.items():
        low, _, high = quantiles(those, n=4) if len(those) > 1 else (those[0],) * 3
        print(f"{form.__name__} {kind}: median {median(those):.1f} ms, half of them {low:.1f} to {high:.1f}")
    print(
        f"{form.__name__}: told apart {chance_unknown_slower(times['known'], times['unknown']):.2f} (0.5: a guess)"
    )
    assert 0.67 < median(times["unknown"]) / median(times["known"]) < 1.5
