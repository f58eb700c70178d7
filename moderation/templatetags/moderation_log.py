"""A filter for log entries: the link to their target."""

from django import template
from django.urls import reverse

from accounts.models.log_entry import LogEntry

register = template.Library()

TARGET_PAGES = {"post": "forum:post", "case": "moderation:case", "pendingpost": "forum:waiting_text"}


@register.filter
def target_url(entry: LogEntry) -> str:
    """Returns the URL of the target without a query, or "" if it has no page."""
    if entry.target_kind == "topic":
        return reverse("forum:topic", args=[entry.target_id, "topic"])
    if entry.target_kind == "user" and entry.target_name:
        return reverse("forum:member", args=[entry.target_name])  # former names redirect
    page = TARGET_PAGES.get(entry.target_kind)
    return reverse(page, args=[entry.target_id]) if page else ""
