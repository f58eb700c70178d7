"""What every page may say beside its own matter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config import outage
from config.theme import THEMES, theme_of
from moderation.desk import open_case_count


def community(request: HttpRequest) -> dict[str, Any]:
    return {
        "community": {
            "name": settings.COMMUNITY_NAME,
            "time_zone_name": settings.TIME_ZONE.replace("_", " "),
            "notice": outage.notice(),
        },
        "theme": theme_of(request),
        "themes": THEMES,
        "open_cases": open_case_count(request.user),
    }
