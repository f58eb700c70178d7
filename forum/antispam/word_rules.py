"""Finds watched words in a text. Each process caches the rules for a few seconds, so that posting needs no query for
them; a change clears the cache of its own process."""

import time
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from forum.antispam.normalize import folded, squeezed
from forum.antispam.verdict import ALL_WELL, Act, Verdict
from forum.models import WaitingPost, WordRule

KEPT_FOR = 5  # seconds
REFUSED = _("This post contains blocked words. Change them and try again.")
_SEVERITY = [Act.PASS, Act.FLAG, Act.HOLD, Act.REFUSE]


@dataclass(frozen=True)
class _Rules:
    rules: tuple[WordRule, ...]
    read_at: float


_kept: _Rules | None = None


def rules() -> tuple[WordRule, ...]:
    global _kept  # noqa: PLW0603 - one for the process
    kept = _kept
    if kept is None or time.monotonic() - kept.read_at > KEPT_FOR:
        _kept = kept = _Rules(tuple(WordRule.objects.order_by("key")), time.monotonic())
    return kept.rules


def forget() -> None:
    """Clears the cache after a change."""
    global _kept  # noqa: PLW0603
    _kept = None


def key_of(words: str) -> str:
    """Returns the form in which the words are searched for."""
    return folded(words)


def broken_by(text: str) -> list[WordRule]:
    """Returns the rules that match the text."""
    asked = rules()
    if not asked:
        return []
    said = folded(text)
    words, letters = f" {said} ", squeezed(said)
    # `in` on two strings takes linear time.
    return [
        rule
        for rule in asked
        if (squeezed(rule.key) in letters if rule.is_anywhere else f" {rule.key} " in words)
    ]


def verdict_on(text: str, *, but_for: str = "") -> Verdict:
    """Returns the strictest verdict of the matching rules, without those that `but_for` matches too."""
    broken = broken_by(text)
    if broken and but_for:
        stood = {rule.pk for rule in broken_by(but_for)}
        broken = [rule for rule in broken if rule.pk not in stood]
    if not broken:
        return ALL_WELL
    strictest = max(broken, key=lambda rule: _SEVERITY.index(Act(rule.act)))
    return Verdict(Act(strictest.act), WaitingPost.Why.WORDS, str(REFUSED), strictest.words)
