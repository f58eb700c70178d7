from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.read_state import unread
from forum.topic_lists import queries as lists
from forum.web import page_versions as versions


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    announcements, recent = lists.standing_announcements(request.user), lists.recent_topics(request.user)
    lines = lists.sections_with_newest(request.user)
    unread.tell_news(request.user, [*announcements, *recent, *(line.newest for line in lines if line.newest)])
    page = render(
        request,
        "forum/home.html",
        {
            "announcements": announcements,
            "sections": [line for line in lines if not line.section.is_archived],
            "archived": [line.section for line in lines if line.section.is_archived],
            "recent": recent,
        },
    )
    return versions.rest(page, versions.of_lists())
