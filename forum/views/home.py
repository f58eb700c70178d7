from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forum import lists, versions


def home(request: HttpRequest) -> HttpResponse:
    page = render(
        request,
        "forum/home.html",
        {
            "announcements": lists.standing_announcements(request.user),
            "sections": lists.sections_with_newest(request.user),
            "recent": lists.recent_topics(request.user),
        },
    )
    return versions.rest(page, versions.of_lists())
