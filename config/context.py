"""What every page may say beside its own matter."""

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.templatetags.counts import count_mark
from forum.unread import unread_count
from moderation.desk import open_case_count


def community(request: HttpRequest) -> dict[str, Any]:
    """Counts are asked of the database by the page that shows them."""
    return {
        "community": {
            "name": settings.COMMUNITY_NAME,
            "time_zone_name": settings.TIME_ZONE.replace("_", " "),
        },
        "open_cases": cache(partial(open_case_count, request.user)),
        "unread": cache(partial(unread_count, request.user)),
    }


def bar_counts(request: HttpRequest) -> dict[str, str]:
    """The counts in the bar as they stand there, for pages whose bar is made for many."""
    return {
        "open_cases": count_mark("open_cases", open_case_count(request.user)),
        "unread": count_mark("unread", unread_count(request.user)),
    }
