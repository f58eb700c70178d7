"""Changes the community rules and the custom pages."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.access.roles import require_admin
from accounts.audit.log import log_action
from accounts.models import Rule, RulesVersion, StaticPage, User
from core.text import render
from core.web.action_errors import ActionError

MAX_RULES = 30


@dataclass(frozen=True)
class RuleText:
    """The words of a rule. A new rule has no key."""

    title: str
    text: str
    key: int | None = None


class RulesConflict(ActionError):
    """Another admin published a newer version, with the number `newest`."""

    def __init__(self, current: RulesVersion | None) -> None:
        self.newest = current.number if current else 0
        message = _("Version %(number)d was published in the meantime. Publish again to replace it.")
        super().__init__(message % {"number": self.newest})


class PageConflict(ActionError):
    """Another admin changed the page in between; `page` is the current one."""

    explanation = gettext_lazy(
        "Another admin changed this page in the meantime. Save again to replace their version."
    )
    field = "text"

    def __init__(self, page: StaticPage) -> None:
        super().__init__()
        self.page = page


def publish_rules(*, by: User, rules: list[RuleText], based_on: int, note: str = "") -> RulesVersion:
    """Publishes these rules in this order as a new version and returns it, or the current one if nothing changed.

    `based_on`: the number of the version that was edited, 0 for none."""
    try:
        with transaction.atomic():
            require_admin(by)
            return _publish(by, rules, based_on, note)
    except IntegrityError:  # two at once, without a version to lock
        raise RulesConflict(RulesVersion.objects.current()) from None


def _publish(by: User, rules: list[RuleText], based_on: int, note: str) -> RulesVersion:
    current = RulesVersion.objects.select_for_update().order_by("-number").first()
    if (current.number if current else 0) != based_on:
        raise RulesConflict(current)
    before = [RuleText(rule.title, rule.text, rule.key) for rule in Rule.objects.current()]
    if current and rules == before:
        return current
    version = RulesVersion.objects.create(number=based_on + 1, made_by=by, note=note)
    known = set(Rule.objects.values_list("key", flat=True))
    next_key = (Rule.objects.aggregate(most=Max("key"))["most"] or 0) + 1
    for number, rule in enumerate(rules, start=1):
        key = rule.key if rule.key in known else next_key
        next_key += key == next_key
        html = render(rule.text).html if rule.text else ""
        Rule.objects.create(
            version=version, number=number, key=key, title=rule.title, text=rule.text, html=html
        )
    log_action(
        "change_rules",
        by=by,
        target=version,
        name=f"Version {version.number}",
        reason=note,
        before={"version": based_on, "rules": [rule.title for rule in before]},
        after={"version": version.number, "rules": [rule.title for rule in rules]},
    )
    return version


@transaction.atomic
def change_page(*, name: str, text: str, version: int, by: User) -> StaticPage:
    """Changes the text of a page. `version`: the version that was edited, 0 for a new page."""
    require_admin(by)
    page = StaticPage.objects.select_for_update().filter(name=name).first()
    if page and page.version != version:
        raise PageConflict(page)
    if page and page.text == text:
        return page
    before = page.text if page else ""
    page = page or StaticPage(name=name, version=0)
    page.text, page.html = text, render(text).html
    page.version, page.changed_by, page.changed_at = page.version + 1, by, timezone.now()
    page.save()
    log_action(
        "change_page",
        by=by,
        target=page,
        name=page.title,
        before={"text": before, "version": page.version - 1},
        after={"text": text, "version": page.version},
    )
    return page
