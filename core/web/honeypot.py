"""Detects forms filled in by programs: by a field that people do not see, and the signed time when the form was shown.

The time never expires, since a page may stay open for days. A detected form is rejected with a message or reviewed;
nothing is dropped silently."""

import time
from collections.abc import Mapping

from django.core.signing import BadSignature, Signer

UNSEEN = "remarks"  # a name that browsers and password managers do not fill in
BEGUN = "begun"

_signer = Signer(salt="belfry.traps")


def begun_now(*, seconds_ago: float = 0) -> str:
    """Returns the signed current time, for a new form."""
    return _signer.sign(str(int((time.time() - seconds_ago) * 1000)))


def begun_as_said(said: str) -> str:
    """Returns the time that a form sent, if the signature is valid, so that sending it again does not count as fast."""
    return said if seconds_since(said) is not None else begun_now()


def seconds_since(said: str) -> float | None:
    """Returns the seconds since the form was shown, or None for an invalid signature."""
    try:
        return time.time() - int(_signer.unsign(said)) / 1000
    except (BadSignature, ValueError):
        return None


def is_filled(posted: Mapping[str, str]) -> bool:
    return bool(posted.get(UNSEEN, "").strip())


def was_quick(posted: Mapping[str, str], *, least: float) -> bool:
    """Was the form sent within `least` seconds (0 turns this off), or without a valid time?"""
    if least <= 0:
        return False
    since = seconds_since(posted.get(BEGUN, ""))
    return since is None or since < least
