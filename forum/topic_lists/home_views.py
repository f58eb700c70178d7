from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.read_state.unread import rows_for
from forum.topic_lists import queries as lists
from forum.web import page_versions as versions


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = request.user
    sections = lists.sections_with_newest(person)
    newest = [topic for _, topic in sections if topic]
    announcements, recent, newest_rows = rows_for(
        person, lists.open_announcements(person), lists.recent_topics(person), newest
    )
    row_of = {row.topic.pk: row for row in newest_rows}
    page = render(
        request,
        "forum/home.html",
        {
            "announcements": announcements,
            "sections": [(one, topic and row_of[topic.pk]) for one, topic in sections if not one.is_archived],
            "archived": [one for one, _ in sections if one.is_archived],
            "recent": recent,
        },
    )
    return versions.cache_with(page, versions.of_lists())
