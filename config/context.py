"""What every page may say beside its own matter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from moderation.desk import open_case_count


def community(request: HttpRequest) -> dict[str, Any]:
    return {
        "community": {
            "name": settings.COMMUNITY_NAME,
            "time_zone_name": settings.TIME_ZONE.replace("_", " "),
        },
        "open_cases": open_case_count(request.user),
    }
