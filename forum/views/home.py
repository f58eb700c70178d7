from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum import lists


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "forum/home.html",
        {
            "announcements": lists.standing_announcements(request.user),
            "sections": lists.sections_with_newest(request.user),
            "recent": lists.recent_topics(request.user),
        },
    )
