from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import addresses
from accounts.asking import MemberRequest, members_only, posted
from accounts.models import Sighting
from forum import composing, lists, permissions, posting, shown_waiting, trap, unread, versions
from forum.bounds import TOPICS_PER_PAGE
from forum.models import Section
from forum.paging import Pages, asked_page
from forum.places import Starting
from forum.refusals import SentBefore, TextRefused
from forum.views import writing


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    pinned = list(section.topics.listed().pinned().for_list().latest_first())
    count = lists.unpinned_count(section, pinned)
    last = max(1, -(-count // TOPICS_PER_PAGE))
    number = asked_page(request, last)
    shown = lists.unpinned_topics(section, pinned, count, number)
    unread.tell_news(request.user, [*pinned, *shown])
    page = render(
        request,
        "forum/section.html",
        {
            "section": section,
            "pinned": pinned if number == 1 else [],
            "topics": shown,
            "pages": Pages(number, last),
            "may_start": permissions.can_start_topic(request.user, section),
            "may_select": permissions.is_staff_in(request.user, section),
            "waiting": shown_waiting.in_section(request, section),
        },
    )
    return versions.rest(page, versions.of_section(section))


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def new_topic(request: MemberRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    place = Starting(section)
    place.require_may_write(request.user)
    begun = composing.begun(request, request.user, place)
    form = place.form(request.user, posted(request), begun.fields)
    if request.method == "POST" and form.is_valid():
        draft = composing.said_number(request, "draft")
        try:
            trapped = trap.has_caught(request)
            topic = posting.start_topic(
                section=section, by=request.user, draft=draft, trapped=trapped, **form.cleaned_data
            )
        except TextRefused as refusal:
            return writing.refused(request, place, form, refusal)
        except SentBefore as refusal:
            return writing.sent_before(request, place, form, refusal)
        addresses.note(request, request.user, Sighting.Act.POST)
        return redirect(topic)
    return writing.page(request, place, form, status=422 if form.is_bound else 200, begun=begun)
