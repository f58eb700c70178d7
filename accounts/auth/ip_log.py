"""IP addresses, stored at sign-up, sign-in and posting, and deleted after BELFRY_ADDRESS_DAYS. Only staff can look them
up, by an action that is logged (moderation/members/lookup.py)."""

from datetime import timedelta
from ipaddress import ip_address
from threading import Lock

from allauth.account.adapter import get_adapter
from cachetools import TTLCache
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import IpSighting, User

STORE_AGAIN_AFTER = 3_600  # seconds: frequent posting is stored once an hour per process, not per post
MAX_REMEMBERED = 10_000

_stored: TTLCache[tuple[int, str, str], bool] = TTLCache(MAX_REMEMBERED, ttl=STORE_AGAIN_AFTER)
_lock = Lock()


def store_ip_address(request: HttpRequest, member: User, act: IpSighting.Act) -> None:
    """Stores the IP address of the request. Invalid ones, as with a server behind a socket, are skipped."""
    address = _ip_address_of(request)
    if not address or not settings.ADDRESS_DAYS or _was_stored_recently((member.pk, act, address)):
        return
    IpSighting.objects.note(member=member.pk, act=act, address=address)


def delete_old() -> int:
    """Deletes rows older than ADDRESS_DAYS; returns their number."""
    cutoff = timezone.now() - timedelta(days=settings.ADDRESS_DAYS)
    return IpSighting.objects.filter(last_at__lt=cutoff).delete()[0]


def clear_memory() -> None:
    """Clears the memory of what this process stored lately. For tests."""
    _stored.clear()


def _ip_address_of(request: HttpRequest) -> str:
    try:
        client_ip = get_adapter(request).get_client_ip(request)
        # The part after % is the zone of an IPv6 address, which the database does not accept.
        return str(ip_address(str(client_ip).partition("%")[0]))
    except (ValueError, PermissionDenied):
        return ""


def _was_stored_recently(key: tuple[int, str, str]) -> bool:
    with _lock:
        if key in _stored:
            return True
        _stored[key] = True
    return False
