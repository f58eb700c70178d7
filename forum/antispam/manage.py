"""Changes to watched words and to the limits for new members. Each change is in the audit log."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.actor import reload_and_lock
from accounts.audit.log import log_action
from accounts.models import User
from core.text import graphemes
from forum.access.errors import ActionError
from forum.access.require import require
from forum.antispam import limits
from forum.antispam.watched_words import cached_rules, search_key
from forum.models import NewMemberLimits, WatchedWord
from forum.models.watched_word import RULES_MAX


class TooManyRules(ActionError):
    """There are RULES_MAX watched words already."""

    status = 422
    field = "words"

    def __init__(self) -> None:
        message = _("There can be at most %(max)s watched words. Remove some first.")
        super().__init__(message % {"max": f"{RULES_MAX:,}"})


def add_watched_words(*, words: Iterable[str], act: str, is_anywhere: bool, by: User) -> int:
    """Creates a rule for each word or phrase, or changes the existing one. Returns how many are new."""
    added = 0
    with transaction.atomic():
        _require_admin(by)
        for phrase in words:
            added += _add(phrase, act, by=by, is_anywhere=is_anywhere)
        if WatchedWord.objects.count() > RULES_MAX:
            raise TooManyRules
    cached_rules.cache_clear()
    return added


def remove_watched_word(*, rule: WatchedWord, by: User) -> bool:
    """Returns False if it was removed before. The log keeps its content."""
    with transaction.atomic():
        _require_admin(by)
        locked = WatchedWord.objects.select_for_update().filter(pk=rule.pk).first()
        if locked is None:
            return False
        facts = {"words": locked.words, "act": locked.act, "is_anywhere": locked.is_anywhere}
        log_action("remove_word_rule", by=by, target=locked, name=locked.words, facts=facts)
        locked.delete()
    cached_rules.cache_clear()
    return True


def change_limits(*, by: User, **fields: Any) -> bool:
    """Returns False if nothing changes."""
    with transaction.atomic():
        _require_admin(by)
        terms = NewMemberLimits.objects.current()
        before = {name: getattr(terms, name) for name in fields}
        if before == fields:
            return False
        for name, value in fields.items():
            setattr(terms, name, value)
        terms.save()
        changed_names = [name for name in fields if fields[name] != before[name]]
        log_action(
            "change_new_member_terms",
            by=by,
            target=terms,
            name=_("New-member limits"),
            reason=graphemes.truncate(
                ", ".join(f"{name}: {before[name]} → {fields[name]}" for name in changed_names), 200
            ),
            before=before,
            after=fields,
        )
    limits.cached_limits.cache_clear()
    return True


def _add(phrase: str, act: str, *, by: User, is_anywhere: bool) -> bool:
    key = search_key(phrase)
    settings = {"act": act, "is_anywhere": is_anywhere}
    rule, is_new = WatchedWord.objects.get_or_create(
        key=key, defaults={"words": phrase, "made_by": by, **settings}
    )
    is_changed = not is_new and (rule.act, rule.is_anywhere) != (act, is_anywhere)
    if is_changed:
        WatchedWord.objects.filter(pk=rule.pk).update(**settings)
    if is_new or is_changed:
        log_action("make_word_rule", by=by, target=rule, name=phrase, reason=act, facts=settings)
    return is_new


def _require_admin(by: User) -> None:
    """Locks and reads the person again. Changes by one person run one after another: the row they write may be the
    first of its kind, which cannot be locked."""
    reload_and_lock(by, writes=True)
    require(by.is_admin)
