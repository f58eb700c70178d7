from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forum.access import permissions
from forum.approval.display import render_for_section
from forum.models import Section
from forum.models.page_sizes import TOPICS_PER_PAGE
from forum.read_state.unread import rows_for
from forum.topic_lists.queries import unpinned_count, unpinned_topics
from forum.web.page_versions import cache_with, of_section
from forum.web.pagination import Pages, requested_page


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    pinned = list(section.topics.listed().pinned().for_list().latest_first())
    count = unpinned_count(section, pinned)
    last = max(1, -(-count // TOPICS_PER_PAGE))
    number = requested_page(request, last)
    topics = unpinned_topics(section, pinned, count, number)
    pinned_rows, rows = rows_for(request.user, pinned, topics)
    page = render(
        request,
        "forum/topic_lists/section.html",
        {
            "section": section,
            "pinned": pinned_rows if number == 1 else [],
            "topics": rows,
            "pages": Pages(number, last),
            "may_start": permissions.can_start_topic(request.user, section),
            "may_select": permissions.is_staff_in(request.user, section),
            "pending": render_for_section(request, section),
        },
    )
    return cache_with(page, of_section(section))
