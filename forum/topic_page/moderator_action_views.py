"""/t/<id>/<slug>/record/: all actions of staff in a topic, for everyone who can read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.web.keyset_pagination import id_in_query, newest_first
from forum.access.lookup import visible_topic
from forum.access.permissions import is_staff_in
from forum.topic_page.moderator_actions import action_of, all_actions_in


@require_safe
def moderator_actions(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    page = newest_first(all_actions_in(topic), before=id_in_query(request, "before"))
    context = {
        "topic": topic,
        "page": page,
        "moderator_actions": [action_of(entry) for entry in page.rows],
        "sees_names": is_staff_in(request.user, topic.section),
    }
    return render(request, "forum/topic_page/moderation_history.html", context)
