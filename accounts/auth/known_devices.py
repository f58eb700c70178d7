"""Devices that somebody has been signed in on: a signed cookie says so. Guesses of strangers are counted by whom they
aim at, and would keep the owner out; a device that knows the account has counters of its own.

An entry of the cookie names the account, the day, and the device by a random number, and is signed together with the
password as it is stored: another password, and the device is a stranger again. It opens nothing.
"""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from accounts.models import User

DAYS = 180
A_DAY = 86_400  # seconds
MOST = 5  # accounts that share a device
SALT = "belfry.known-devices"


def key_of(request: HttpRequest, member: User | None) -> str:
    """Which counter of this account's holds for this device; nothing for a device that does not know it."""
    if member is None:
        return ""
    if request.user.is_authenticated and request.user.pk == member.pk:
        return f"session {request.session.session_key}"
    for entry in _entries(request):
        if device := _device_in(entry, member):
            return f"device {device}"
    return ""


def remember(request: HttpRequest, member: User) -> None:
    """They have just shown that they are this person; the answer to the request will carry the cookie."""
    request.known_member = member  # type: ignore[attr-defined]


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    member = getattr(request, "known_member", None)
    if member is None:
        return
    mine = f"{member.pk}."
    others = [entry for entry in _entries(request) if not entry.startswith(mine)]
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE,
        ":".join([_entry_for(member), *others][:MOST]),
        max_age=DAYS * A_DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _entries(request: HttpRequest) -> list[str]:
    said = request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE, "")
    return said.split(":")[:MOST] if said else []


def _entry_for(member: User) -> str:
    said = f"{member.pk}.{int(time.time() // A_DAY)}.{get_random_string(16)}"
    return f"{said}.{_signature(said, member, settings.SECRET_KEY)}"


def _device_in(entry: str, member: User) -> str:
    said, _, signature = entry.rpartition(".")
    parts = said.split(".")
    if len(parts) != 3 or parts[0] != str(member.pk):
        return ""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(signature, _signature(said, member, secret)) for secret in secrets):
        return ""
    return parts[2] if int(parts[1]) > time.time() // A_DAY - DAYS else ""


def _signature(said: str, member: User, secret: str | bytes) -> str:
    return salted_hmac(SALT, f"{said} {member.password}", secret, algorithm="sha256").hexdigest()
