"""Addresses on the net: noted at sign-up, sign-in and posting, kept for BELFRY_ADDRESS_DAYS, then forgotten. Staff look
them up by an act that is recorded (moderation/members/lookup.py); nothing else reads them."""

import time
from collections import OrderedDict
from datetime import timedelta
from ipaddress import ip_address
from threading import Lock

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Sighting, User

AGAIN_AFTER = 3_600  # seconds: whoever posts all day is noted once an hour by each process, not for each post
REMEMBERED = 10_000

_noted: OrderedDict[tuple[int, str, str], float] = OrderedDict()
_lock = Lock()


def note(request: HttpRequest, member: User, act: Sighting.Act) -> None:
    """Where this comes from. An address that is none, as of a server that is asked through a socket, is not noted."""
    address = _address_of(request)
    if not address or not settings.ADDRESS_DAYS or _was_noted_lately((member.pk, act, address)):
        return
    Sighting.objects.note(member=member.pk, act=act, address=address)


def forget() -> int:
    """What is older than it may be kept; how many rows that were."""
    before = timezone.now() - timedelta(days=settings.ADDRESS_DAYS)
    return Sighting.objects.filter(last_at__lt=before).delete()[0]


def forget_what_was_noted() -> None:
    """For tests: what this process remembers of its own notes."""
    _noted.clear()


def _address_of(request: HttpRequest) -> str:
    try:
        said = get_adapter(request).get_client_ip(request)
        # The part after % names a network card of the sender's machine; the database takes none.
        return str(ip_address(str(said).partition("%")[0]))
    except (ValueError, PermissionDenied):
        return ""


def _was_noted_lately(key: tuple[int, str, str]) -> bool:
    now = time.monotonic()
    with _lock:
        lately = now - _noted.get(key, float("-inf")) < AGAIN_AFTER
        if not lately:
            _noted[key] = now
            _noted.move_to_end(key)
            while len(_noted) > REMEMBERED:
                _noted.popitem(last=False)
    return lately
