"""A signed cookie that marks devices on which a member has signed in before.

Failed sign-ins are counted per account, so an attacker could lock the owner out; known devices therefore have counts
of their own. Each entry of the cookie has the account, the day and a random number for the device, and is signed
together with the stored password, so that it becomes invalid when the password changes. It does not sign anyone in.
"""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from accounts.models import User

DAYS = 180
SECONDS_PER_DAY = 86_400  # seconds
MAX_ACCOUNTS = 5  # accounts on one device
SALT = "belfry.known-devices"


def counter_key(request: HttpRequest, member: User | None) -> str:
    """Returns the key of this device's counter for the account, or "" for an unknown device."""
    if member is None:
        return ""
    if request.user.is_authenticated and request.user.pk == member.pk:
        return f"session {request.session.session_key}"
    for entry in _entries(request):
        if device := _device_in(entry, member):
            return f"device {device}"
    return ""


def mark_as_known(request: HttpRequest, member: User) -> None:
    """Marks the device as known to the member: the response will set the cookie."""
    request.known_member = member  # type: ignore[attr-defined]


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    member = getattr(request, "known_member", None)
    if member is None:
        return
    own_prefix = f"{member.pk}."
    others = [entry for entry in _entries(request) if not entry.startswith(own_prefix)]
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE,
        ":".join([_entry_for(member), *others][:MAX_ACCOUNTS]),
        max_age=DAYS * SECONDS_PER_DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _entries(request: HttpRequest) -> list[str]:
    cookie = request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE, "")
    return cookie.split(":")[:MAX_ACCOUNTS] if cookie else []


def _entry_for(member: User) -> str:
    payload = f"{member.pk}.{int(time.time() // SECONDS_PER_DAY)}.{get_random_string(16)}"
    return f"{payload}.{_signature(payload, member, settings.SECRET_KEY)}"


def _device_in(entry: str, member: User) -> str:
    payload, _, signature = entry.rpartition(".")
    parts = payload.split(".")
    if len(parts) != 3 or parts[0] != str(member.pk):
        return ""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(signature, _signature(payload, member, secret)) for secret in secrets):
        return ""
    return parts[2] if int(parts[1]) > time.time() // SECONDS_PER_DAY - DAYS else ""


def _signature(payload: str, member: User, secret: str | bytes) -> str:
    return salted_hmac(SALT, f"{payload} {member.password}", secret, algorithm="sha256").hexdigest()
