"""The warning about posts that have been pending for long, at the top of the moderation queue."""

from typing import Any

from django import template
from django.template.context import RequestContext

from moderation.approval.approve import overdue_count

register = template.Library()


@register.inclusion_tag("moderation/approval/overdue_warning.html", takes_context=True)
def overdue_warning(context: RequestContext) -> dict[str, Any]:
    return {"count": overdue_count(context.request.user)}
