"""Word rules: which of them a text breaks. They are kept in each process for some seconds, so that nobody's post has to
ask for them; the process in which they are changed knows at once."""

import time
from dataclasses import dataclass

from forum.antispam.normalize import folded, squeezed
from forum.antispam.verdict import ALL_WELL, Act, Verdict
from forum.models import WaitingPost, WordRule

KEPT_FOR = 5  # seconds
REFUSED = "It has words that this community does not take. Change them, then send it again."
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
    """They were changed."""
    global _kept  # noqa: PLW0603
    _kept = None


def key_of(words: str) -> str:
    """What is looked for."""
    return folded(words)


def broken_by(text: str) -> list[WordRule]:
    """The rules that stand against this text."""
    asked = rules()
    if not asked:
        return []
    said = folded(text)
    words, letters = f" {said} ", squeezed(said)
    # `in` on two strings takes time that grows with both of them added, not multiplied.
    return [
        rule
        for rule in asked
        if (squeezed(rule.key) in letters if rule.is_anywhere else f" {rule.key} " in words)
    ]


def verdict_on(text: str, *, but_for: str = "") -> Verdict:
    """The strictest that one of the rules says; those that `but_for` breaks as well do not count."""
    broken = broken_by(text)
    if broken and but_for:
        stood = {rule.pk for rule in broken_by(but_for)}
        broken = [rule for rule in broken if rule.pk not in stood]
    if not broken:
        return ALL_WELL
    strictest = max(broken, key=lambda rule: _SEVERITY.index(Act(rule.act)))
    return Verdict(Act(strictest.act), WaitingPost.Why.WORDS, REFUSED, strictest.words)
