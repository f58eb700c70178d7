"""Finds watched words in a text. Each process caches the rules for a few seconds, so that posting needs no query for
them; a change clears the cache of its own process."""

from threading import Lock

from cachetools import TTLCache, cached
from django.utils.translation import gettext_lazy as _

from forum.antispam.look_alikes import normalize, without_spaces
from forum.antispam.verdict import PASSED, Action, Verdict
from forum.models import PendingPost, WatchedWord

CACHE_SECONDS = 5  # seconds
REJECTED = _("This post contains blocked words. Change them and try again.")
_SEVERITY = [Action.PASS, Action.FLAG, Action.HOLD, Action.REFUSE]


@cached(TTLCache(1, ttl=CACHE_SECONDS), lock=Lock())
def cached_rules() -> tuple[WatchedWord, ...]:
    return tuple(WatchedWord.objects.order_by("key"))


def search_key(phrase: str) -> str:
    """Returns the form in which the words are searched for."""
    return normalize(phrase)


def matching_rules(text: str) -> list[WatchedWord]:
    """Returns the rules that match the text."""
    rules = cached_rules()
    if not rules:
        return []
    normalized = normalize(text)
    words, letters = f" {normalized} ", without_spaces(normalized)
    # `in` on two strings takes linear time.
    return [
        rule
        for rule in rules
        if (without_spaces(rule.key) in letters if rule.is_anywhere else f" {rule.key} " in words)
    ]


def verdict_on(text: str, *, previous_text: str = "") -> Verdict:
    """Returns the strictest verdict of the matching rules, without those that `previous_text` matches too."""
    matches = matching_rules(text)
    if matches and previous_text:
        previous = {rule.pk for rule in matching_rules(previous_text)}
        matches = [rule for rule in matches if rule.pk not in previous]
    if not matches:
        return PASSED
    strictest = max(matches, key=lambda rule: _SEVERITY.index(Action(rule.act)))
    return Verdict(Action(strictest.act), PendingPost.Why.WORDS, str(REJECTED), strictest.words)
