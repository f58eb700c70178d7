"""Messages about the outcome of an action, also for someone who comes second."""

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models.log_entry import LogEntry
from core.web.times import format_time


def newest_entry(target: models.Model, *acts: str) -> LogEntry | None:
    """Returns the newest log entry of these actions on this object."""
    entries = LogEntry.objects.filter(
        target_kind=target._meta.model_name, target_id=target.pk, act__in=acts
    ).select_related("by")
    return entries.order_by("-pk").first()


def show_outcome(request: HttpRequest, is_done: bool, message: str, target: models.Model, *acts: str) -> None:
    """Shows `message` if the action changed something, otherwise who did it first, if the log has it."""
    if is_done:
        messages.success(request, message)
    elif entry := newest_entry(target, *acts):
        message = _("%(name)s already did this at %(time)s.") % {
            "name": entry.by.name,
            "time": format_time(entry.at),
        }
        messages.info(request, message)
    else:
        messages.info(request, _("Nothing changed: this was already done."))
