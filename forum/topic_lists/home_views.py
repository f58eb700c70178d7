from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.read_state.unread import rows_for
from forum.topic_lists.queries import open_announcements, recent_topics, sections_with_newest
from forum.web.page_versions import cache_with, of_lists


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = request.user
    sections = sections_with_newest(person)
    newest = [topic for _, topic in sections if topic]
    announcements, recent, newest_rows = rows_for(
        person, open_announcements(person), recent_topics(person), newest
    )
    row_of = {row.topic.pk: row for row in newest_rows}
    page = render(
        request,
        "forum/topic_lists/home.html",
        {
            "announcements": announcements,
            "sections": [
                (section, topic and row_of[topic.pk])
                for section, topic in sections
                if not section.is_archived
            ],
            "archived": [section for section, _ in sections if section.is_archived],
            "recent": recent,
        },
    )
    return cache_with(page, of_lists())
