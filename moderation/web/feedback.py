"""Messages about the outcome of an action, also for someone who comes second."""

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models.log_entry import LogEntry
from moderation.access.errors import already_done


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
        messages.info(request, already_done(entry.by, entry.at))
    else:
        messages.info(request, _("Nothing changed: this was already done."))
