"""Template variables of every page."""

from functools import cache, partial
from html import escape
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.access.restriction_messages import restriction_of
from config.availability import outage
from config.web.counts import count_mark
from config.web.theme import THEMES, theme_of
from core.web.page_slots import PageFrame
from forum.read_state.unread_topics import unread_counts
from moderation.cases.pending_counts import pending_counts_for


def community(request: HttpRequest) -> dict[str, Any]:
    """Counts are queried only if the page shows them."""
    counts = cache(partial(unread_counts, request.user))
    return {
        "community": {
            "name": settings.COMMUNITY_NAME,
            "address": settings.SITE_URL,
            "time_zone_name": settings.TIME_ZONE.replace("_", " "),
            "notice": outage.notice(),
            "restriction": restriction_of(request.user),
            "way_back": _way_back(request),
        },
        "theme": theme_of(request),
        "themes": THEMES,
        "here": request.get_full_path(),
        "to_do": cache(partial(pending_counts_for, request.user)),
        "unread": lambda: counts().topics,
        "unread_notices": lambda: counts().notices,
    }


def _way_back(request: HttpRequest) -> str:
    """Returns the query that brings people back here after signing in or up. Account pages pass on their own. It has
    only the path, since a cached page has one path for all readers."""
    is_account = request.path.startswith(reverse("account"))
    page = request.GET.get("next", "") if is_account else request.path
    if page in ("", reverse("forum:home")) or not get_adapter().is_safe_url(page):
        return ""
    return f"?{urlencode({'next': page})}"


def surroundings(request: HttpRequest) -> PageFrame:
    """Returns the same for pages rendered for many readers: the kind of frame, and what is personal to this reader."""
    counts = cache(partial(unread_counts, request.user))
    return PageFrame(
        kind=(theme_of(request), outage.notice(), restriction_of(request.user)),
        fillers={
            "here": lambda _: escape(request.get_full_path()),
            "to_do": lambda _: count_mark("to_do", pending_counts_for(request.user).all),
            "unread": lambda _: count_mark("unread", counts().topics),
            "unread_notices": lambda _: count_mark("unread_notices", counts().notices),
        },
    )
