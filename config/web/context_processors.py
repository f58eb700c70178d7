"""What every page may say beside its own matter."""

from functools import cache, partial
from html import escape
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.access.suspension import restriction_of
from config.availability import outage
from config.web.counts import count_mark
from config.web.theme import THEMES, theme_of
from core.web.page_slots import PageFrame
from forum.read_state.unread import unread_counts
from moderation.cases.pending_counts import pending_counts_for


def community(request: HttpRequest) -> dict[str, Any]:
    """Counts are asked of the database by the page that shows them."""
    waiting = cache(partial(unread_counts, request.user))
    return {
        "community": {
            "name": settings.COMMUNITY_NAME,
            "address": settings.SITE_URL,
            "time_zone_name": settings.TIME_ZONE.replace("_", " "),
            "notice": outage.notice(),
            "standing": restriction_of(request.user),
            "way_back": _way_back(request),
        },
        "theme": theme_of(request),
        "themes": THEMES,
        "here": request.get_full_path(),
        "to_do": cache(partial(pending_counts_for, request.user)),
        "unread": lambda: waiting().topics,
        "told": lambda: waiting().notices,
    }


def _way_back(request: HttpRequest) -> str:
    """What the links to signing in and joining carry, so that people come back to where they were. The pages of the
    account pass on what they were given. The path alone: pages that are kept for many have one path."""
    is_account = request.path.startswith(reverse("account"))
    page = request.GET.get("next", "") if is_account else request.path
    if page in ("", reverse("forum:home")) or not get_adapter().is_safe_url(page):
        return ""
    return f"?{urlencode({'next': page})}"


def surroundings(request: HttpRequest) -> PageFrame:
    """The same for pages that are made for many: in what these differ, and what is this reader's alone."""
    waiting = cache(partial(unread_counts, request.user))
    return PageFrame(
        kind=(theme_of(request), outage.notice(), restriction_of(request.user)),
        fillers={
            "here": lambda _: escape(request.get_full_path()),
            "to_do": lambda _: count_mark("to_do", pending_counts_for(request.user).all),
            "unread": lambda _: count_mark("unread", waiting().topics),
            "told": lambda _: count_mark("told", waiting().notices),
        },
    )
