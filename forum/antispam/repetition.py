"""Finds what new members repeat within a day: the same text in several places or by several members, and links to one
site. Only hashes of texts and sites are stored."""

import hashlib
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils import timezone

from accounts.models import User
from core.text.links import EXTERNAL_REL
from forum.access.errors import MustWait
from forum.antispam.normalize import folded, squeezed, without_digits
from forum.models import NewMemberTerms, SaidText, WaitingPost

if TYPE_CHECKING:
    from forum.antispam.submission import Said

SHORTEST = 40  # letters; shorter texts without links may be repeated
ONES_OWN = 3  # links of one new member to one site per day
_EXTERNAL = re.compile(rf'<a href="([^"]+)"[^>]*rel="{EXTERNAL_REL}"')


def require_new(said: "Said", *, by: User, terms: NewMemberTerms) -> None:
    """Counts the text and its links, and raises MustWait for what was repeated too often. Call it in the transaction
    that writes the post: simultaneous posts with the same text wait for each other."""
    most: dict[int, tuple[int, MustWait]] = {}
    if fingerprint := fingerprint_of(said.body):
        most[fingerprint] = (1, MustWait(WaitingPost.Why.SAME))
    for site in sites_in(said.rendered.html):
        often = MustWait(WaitingPost.Why.LINKS, f"→ {site}")
        most[_number(f"{site} by {by.pk}")] = (ONES_OWN, often)
        most[_number(f"{site} by all")] = (terms.links_to_one_site, often)
    for number in sorted(most):  # in one order, to avoid deadlocks
        times, must_wait = most[number]
        if SaidText.objects.say(number) > times:
            raise must_wait


def fingerprint_of(body: str) -> int | None:
    """Returns a hash that ignores digits, punctuation and spaces; None for a text that may be repeated."""
    letters = squeezed(folded(without_digits(body)))
    if len(letters) < SHORTEST and "http" not in letters and "www" not in letters:
        return None
    return _number(letters)


def sites_in(html: str) -> set[str]:
    """Returns the sites of the external links: `b.example` for `https://a.b.example/c`."""
    return set(filter(None, map(_site, _EXTERNAL.findall(html))))


def forget_old() -> int:
    return SaidText.objects.filter(last_at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def _site(address: str) -> str:
    try:
        host = urlsplit(unescape(address)).hostname or ""
    except ValueError:
        return ""
    labels = host.rstrip(".").split(".")
    has_three = len(labels[-1]) == 2 and len(labels) > 2 and len(labels[-2]) <= 3  # as under co.uk
    return ".".join(labels[-3:] if has_three else labels[-2:])


def _number(said: str) -> int:
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], signed=True)
