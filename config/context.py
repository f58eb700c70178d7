"""What every page may say beside its own matter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.theme import THEMES, theme_of
from moderation.desk import open_case_count


def community(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    return {
        "community": {
            "name": settings.COMMUNITY_NAME,
            "time_zone_name": settings.TIME_ZONE.replace("_", " "),
        },
        "theme": theme_of(request),
        "themes": THEMES,
        "open_cases": open_case_count(user) if user.is_staff else 0,
    }
