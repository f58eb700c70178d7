"""Changes the profile text and the time zone of a member."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import ngettext

from accounts.access.actor import reload_and_lock
from accounts.access.suspension import require_not_silenced
from accounts.models import User
from accounts.rate_limiting import rate_counter
from core.text import render
from core.web.action_errors import ActionError

CHANGE_LIMIT = rate_counter.Limit("about", 20, 600)


class ChangedTooOften(ActionError):
    status = 429
    field = "about"

    def __init__(self, retry_after: int) -> None:
        too_often = ngettext(
            "You’ve changed this too often. Wait %(seconds)d second and save again.",
            "You’ve changed this too often. Wait %(seconds)d seconds and save again.",
            retry_after,
        )
        super().__init__(too_often % {"seconds": retry_after})
        self.retry_after = retry_after


def change_profile(*, by: User, about: str, time_zone: str) -> None:
    try:
        _change_profile(by, about, time_zone)
    except rate_counter.RateLimitExceeded as error:
        raise ChangedTooOften(error.retry_after) from None


def _change_profile(by: User, about: str, time_zone: str) -> None:
    if about != by.about:
        rate_counter.require_below_limit(CHANGE_LIMIT, by=by)
    html = render(about).html if about else ""
    with transaction.atomic():
        reload_and_lock(by, writes=True)
        if is_new := about != by.about:
            require_not_silenced(by)
        by.version = F("version") + 1
        by.about, by.about_html, by.time_zone = about, html, time_zone
        by.save(update_fields=["about", "about_html", "time_zone", "version"])
        if is_new:
            rate_counter.count_action(CHANGE_LIMIT, by=by)
    by.refresh_from_db(fields=["version"])
