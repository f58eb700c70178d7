"""Two things that tell a form filled in by a program: a field that people do not see, and the moment at which the form
was made, signed. Neither ever grows too old: a page may be read for days, come back from the browser's memory, or begin
with what was written before. What trips is told, or looked at; nothing that somebody wrote is dropped for it."""

import time
from collections.abc import Mapping

from django.core.signing import BadSignature, Signer

UNSEEN = "remarks"  # nothing that browsers or password managers know how to fill in
BEGUN = "begun"

_signer = Signer(salt="belfry.traps")


def begun_now(*, seconds_ago: float = 0) -> str:
    """What the form carries: when it was made."""
    return _signer.sign(str(int((time.time() - seconds_ago) * 1000)))


def begun_as_said(said: str) -> str:
    """The same as a form said before, if it was ours: who sends a form again is not quick for that."""
    return said if seconds_since(said) is not None else begun_now()


def seconds_since(said: str) -> float | None:
    """How long ago the form was made; None for what this site has not signed."""
    try:
        return time.time() - int(_signer.unsign(said)) / 1000
    except (BadSignature, ValueError):
        return None


def is_filled(posted: Mapping[str, str]) -> bool:
    return bool(posted.get(UNSEEN, "").strip())


def was_quick(posted: Mapping[str, str], *, least: float) -> bool:
    """Was it sent sooner than a person can write, or by who has never had the form? `least` seconds; 0: nobody asks."""
    if least <= 0:
        return False
    since = seconds_since(posted.get(BEGUN, ""))
    return since is None or since < least
