from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.asking import MemberRequest, members_only, posted
from forum import permissions, posting, unread
from forum.answers import answering_refusals
from forum.bounds import TOPICS_PER_PAGE
from forum.forms import TopicForm
from forum.models import Section
from forum.paging import Pages, asked_page


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    topics = section.topics.filter(pin=None)
    last = max(1, -(-topics.count() // TOPICS_PER_PAGE))
    number = asked_page(request, last)
    first = (number - 1) * TOPICS_PER_PAGE
    pinned = list(section.topics.exclude(pin=None).for_list().latest_first()) if number == 1 else []
    shown = list(topics.for_list().latest_first()[first : first + TOPICS_PER_PAGE])
    unread.tell_news(request.user, [*pinned, *shown])
    return render(
        request,
        "forum/section.html",
        {
            "section": section,
            "pinned": pinned,
            "topics": shown,
            "pages": Pages(number, last),
            "may_start": permissions.can_start_topic(request.user, section),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@answering_refusals
def new_topic(request: MemberRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    if not permissions.can_start_topic(request.user, section):
        raise PermissionDenied
    form = TopicForm(posted(request), initial=kept.take(request))
    if request.method == "POST" and form.is_valid():
        return redirect(posting.start_topic(section=section, by=request.user, **form.cleaned_data))
    status = 422 if form.is_bound else 200
    return render(request, "forum/new_topic.html", {"section": section, "form": form}, status=status)
