"""Pages for actions on several topics of a section: staff select topics on one page and confirm on the next."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import form_for, form_page, post_data
from forum.access.permissions import is_staff_in
from forum.access.require import require
from forum.models import Section, Topic
from forum.models.page_sizes import TOPICS_PER_PAGE
from forum.topic_lists.queries import unpinned_count, unpinned_topics
from forum.web.pagination import Pages, requested_page
from moderation.topics import bulk
from moderation.topics.bulk import Outcome
from moderation.topics.close_forms import ReopenForm
from moderation.topics.forms import CloseTopicsForm, MoveForm, PinForm, RemoveTopicForm, SelectedTopicsForm
from moderation.web.select_all import query_without_all, selects_all


@require_safe
@members_only
def select(request: MemberRequest, slug: str) -> HttpResponse:
    section = _managed_section(request, slug)
    pinned = list(section.topics.listed().pinned().for_list().latest_first())
    count = unpinned_count(section, pinned)
    last = max(1, -(-count // TOPICS_PER_PAGE))
    number = requested_page(request, last)
    rows = unpinned_topics(section, pinned, count, number)
    topics = [*pinned, *rows] if number == 1 else rows
    context = {
        "section": section,
        "topics": topics,
        "pages": Pages(number, last),
        "all": selects_all(request),
        "query": query_without_all(request),
    }
    return render(request, "moderation/topics/select_topics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def close(request: MemberRequest, slug: str) -> HttpResponse:
    form = form_for(request, CloseTopicsForm)
    return _act(request, slug, "close", form, bulk.close)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def pin(request: MemberRequest, slug: str) -> HttpResponse:
    form = form_for(request, PinForm)
    return _act(request, slug, "pin", form, bulk.pin)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def move(request: MemberRequest, slug: str) -> HttpResponse:
    form = form_for(request, MoveForm, by=request.user)
    return _act(request, slug, "move", form, bulk.move)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def remove(request: MemberRequest, slug: str) -> HttpResponse:
    form = form_for(request, RemoveTopicForm)
    return _act(request, slug, "remove", form, bulk.remove)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def reopen(request: MemberRequest, slug: str) -> HttpResponse:
    form = form_for(request, ReopenForm)
    return _act(request, slug, "reopen", form, bulk.reopen)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def unpin(request: MemberRequest, slug: str) -> HttpResponse:
    return _act(request, slug, "unpin", Form(post_data(request)), bulk.unpin)


# The heading of each page, and its button.
HEADINGS_AND_BUTTONS = {
    "close": (_("Close topics"), _("Close topics")),
    "reopen": (_("Reopen topics"), _("Reopen topics")),
    "pin": (_("Pin topics"), _("Pin topics")),
    "unpin": (_("Unpin topics"), _("Unpin topics")),
    "move": (_("Move topics to another section"), _("Move topics")),
    "remove": (_("Remove topics"), _("Remove topics")),
}


def _act(
    request: MemberRequest, slug: str, act: str, form: Form, action: Callable[..., Outcome]
) -> HttpResponse:
    """Shows the form, or does the action. The topics are in the query string of a GET and in the form of a POST."""
    section = _managed_section(request, slug)
    selection = SelectedTopicsForm(request.POST if request.method == "POST" else request.GET)
    topics: list[Topic] = []
    if selection.is_valid():
        pks = selection.cleaned_data["topic"][: bulk.MAX_TOPICS]
        topics = list(Topic.objects.listed().filter(section=section, pk__in=pks).for_list().latest_first())
    if form.is_valid():
        if topics:
            messages.info(request, action(topics, by=request.user, **form.cleaned_data).message)
            return redirect(section)
        form.add_error(None, gettext("Select at least one topic of this section."))
    heading, button = HEADINGS_AND_BUTTONS[act]
    context: dict[str, Any] = {"section": section, "topics": topics, "act": act}
    return form_page(request, "moderation/topics/bulk.html", form, heading=heading, button=button, **context)


def _managed_section(request: MemberRequest, slug: str) -> Section:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    require(is_staff_in(request.user, section))
    return section
