"""Detects forms filled in by programs: by a field that people do not see, and the signed time when the form was shown.

The time never expires, since a page may stay open for days. A detected form is rejected with a message or reviewed;
nothing is dropped silently."""

import time
from collections.abc import Mapping

from django.core.signing import BadSignature, Signer

HIDDEN_FIELD = "remarks"  # a name that browsers and password managers do not fill in
SHOWN_AT_FIELD = "begun"

_signer = Signer(salt="belfry.traps")


def signed_now(*, seconds_ago: float = 0) -> str:
    """Returns the signed current time, for a new form."""
    return _signer.sign(str(int((time.time() - seconds_ago) * 1000)))


def signed_time(value: str) -> str:
    """Returns the time that a form sent, if the signature is valid, so that sending it again does not count as fast."""
    return value if seconds_since(value) is not None else signed_now()


def seconds_since(value: str) -> float | None:
    """Returns the seconds since the form was shown, or None for an invalid signature."""
    try:
        return time.time() - int(_signer.unsign(value)) / 1000
    except (BadSignature, ValueError):
        return None


def is_hidden_field_filled(posted: Mapping[str, str]) -> bool:
    return bool(posted.get(HIDDEN_FIELD, "").strip())


def was_too_fast(posted: Mapping[str, str], *, least: float) -> bool:
    """Was the form sent within `least` seconds (0 turns this off), or without a valid time?"""
    if least <= 0:
        return False
    since = seconds_since(posted.get(SHOWN_AT_FIELD, ""))
    return since is None or since < least
