from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum import lists


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    lines = lists.sections_with_newest(request.user)
    return render(
        request,
        "forum/home.html",
        {
            "announcements": lists.standing_announcements(request.user),
            "sections": [line for line in lines if not line.section.is_archived],
            "archived": [line.section for line in lines if line.section.is_archived],
            "recent": lists.recent_topics(request.user),
        },
    )
