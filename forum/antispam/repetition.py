"""Finds what new members repeat within a day: the same text in several places or by several members, and links to one
site. Only hashes of texts and sites are stored."""

import hashlib
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

from django.utils import timezone

from accounts.models import User
from core.text.links import EXTERNAL_REL
from forum.access.errors import NeedsApproval
from forum.antispam.look_alikes import normalize, without_digits, without_spaces
from forum.models import NewMemberLimits, PendingPost, TextFingerprint
from forum.post_text.prepare import PostText

MIN_LETTERS = 40  # letters; shorter texts without links may be repeated
LINKS_PER_MEMBER = 3  # links of one new member to one site per day
_EXTERNAL = re.compile(rf'<a href="([^"]+)"[^>]*rel="{EXTERNAL_REL}"')


Repeatable = dict[
    int, tuple[int, NeedsApproval]
]  # by hash: how often it may be repeated, and the error beyond


def repeatable_in(text: PostText, *, by: User, terms: NewMemberLimits) -> Repeatable:
    """Returns what count_repeats will count: the text, and the sites that it links to."""
    repeatable: Repeatable = {}
    if fingerprint := fingerprint_of(text.body):
        repeatable[fingerprint] = (1, NeedsApproval(PendingPost.Why.SAME))
    for site in sites_in(text.rendered.html):
        too_often = NeedsApproval(PendingPost.Why.LINKS, f"→ {site}")
        repeatable[_hash(f"{site} by {by.pk}")] = (LINKS_PER_MEMBER, too_often)
        repeatable[_hash(f"{site} by all")] = (terms.links_to_one_site, too_often)
    return repeatable


def count_repeats(repeatable: Repeatable) -> None:
    """Counts these texts and links, and raises NeedsApproval for what was repeated too often. Call it in the
    transaction that writes the post: simultaneous posts with the same text wait for each other."""
    for fingerprint in sorted(repeatable):  # in one order, to avoid deadlocks
        limit, needs_approval = repeatable[fingerprint]
        if TextFingerprint.objects.count_text(fingerprint) > limit:
            raise needs_approval


def fingerprint_of(body: str) -> int | None:
    """Returns a hash that ignores digits, punctuation and spaces; None for a text that may be repeated."""
    letters = without_spaces(normalize(without_digits(body)))
    if len(letters) < MIN_LETTERS and "http" not in letters and "www" not in letters:
        return None
    return _hash(letters)


def sites_in(html: str) -> set[str]:
    """Returns the sites of the external links: `b.example` for `https://a.b.example/c`."""
    return set(filter(None, map(_site, _EXTERNAL.findall(html))))


def delete_old() -> int:
    return TextFingerprint.objects.filter(last_at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def _site(address: str) -> str:
    try:
        host = urlsplit(unescape(address)).hostname or ""
    except ValueError:
        return ""
    labels = host.rstrip(".").split(".")
    has_three = len(labels[-1]) == 2 and len(labels) > 2 and len(labels[-2]) <= 3  # as under co.uk
    return ".".join(labels[-3:] if has_three else labels[-2:])


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True)
