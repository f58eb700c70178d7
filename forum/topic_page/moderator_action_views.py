"""/t/<id>/<slug>/record/: all actions of staff in a topic, for everyone who can read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.web.keyset_pagination import asked_id, newest_first
from forum.access.lookup import visible_topic
from forum.access.permissions import is_staff_in
from forum.topic_page.moderator_actions import deed_of, record_of


@require_safe
def record(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    page = newest_first(record_of(topic), before=asked_id(request, "before"))
    context = {
        "topic": topic,
        "page": page,
        "deeds": [deed_of(entry) for entry in page.rows],
        "sees_names": is_staff_in(request.user, topic.section),
    }
    return render(request, "forum/record.html", context)
