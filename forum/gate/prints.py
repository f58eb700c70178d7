"""The same text again: from one new member in several places, or from several new members, within a day."""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from forum.gate.wording import folded, squeezed, without_digits
from forum.models import SaidText

if TYPE_CHECKING:
    from forum.gate import Said

SHORTEST = 40  # letters; what is shorter and leads nowhere anybody may say too


def is_said_again(said: "Said") -> bool:
    """Count the text; call it where it is written, so that it is counted when it was."""
    fingerprint = fingerprint_of(said.body)
    return fingerprint is not None and SaidText.objects.say(fingerprint) > 1


def fingerprint_of(body: str) -> int | None:
    """A number of texts that look the same but for digits, signs and blanks; None for what may well be said twice."""
    letters = squeezed(folded(without_digits(body)))
    if len(letters) < SHORTEST and "http" not in letters and "www" not in letters:
        return None
    return int.from_bytes(hashlib.sha256(letters.encode()).digest()[:8], signed=True)


def forget_old() -> int:
    return SaidText.objects.filter(last_at__lt=timezone.now() - timedelta(days=1)).delete()[0]
