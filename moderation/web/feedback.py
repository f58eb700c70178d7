"""What whoever comes second is told."""

from django.contrib import messages
from django.db import models
from django.http import HttpRequest

from accounts.models.log_entry import LogEntry
from core.web.times import exact


def who_did(target: models.Model, *acts: str) -> LogEntry | None:
    """The newest entry of these acts on this thing."""
    done = LogEntry.objects.filter(
        target_kind=target._meta.model_name, target_id=target.pk, act__in=acts
    ).select_related("by")
    return done.order_by("-pk").first()


def tell_outcome(request: HttpRequest, is_done: bool, words: str, target: models.Model, *acts: str) -> None:
    """`words` where the act changed something; else who was first, as far as the record knows."""
    if is_done:
        messages.success(request, words)
    elif entry := who_did(target, *acts):
        messages.info(request, f"Already done by {entry.by.name}, {exact(entry.at)}.")
    else:
        messages.info(request, "It was so already.")
