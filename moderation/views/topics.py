from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from accounts.asking import MemberRequest, members_only, posted
from accounts.times import exact
from forum import permissions
from forum.answers import answering_refusals
from forum.views.topics import visible_topic
from moderation import closing, pinning
from moderation.forms import CloseForm, ReopenForm


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@answering_refusals
def close(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    if not permissions.can_close(request.user, topic):
        raise PermissionDenied
    form = CloseForm(
        posted(request),
        initial=kept.take(request),
        topic=topic,
        by=request.user,
    )
    if request.method == "POST" and form.is_valid():
        closure = closing.close_topic(topic=topic, by=request.user, **form.cleaned_data)
        if closure.closed_by_id == request.user.pk:
            messages.success(request, "The topic is closed. It takes no more answers.")
        else:
            messages.info(request, f"{closure.closed_by.name} had closed it at {exact(closure.closed_at)}.")
        return redirect(topic)
    status = 422 if form.is_bound else 200
    return render(request, "moderation/close.html", {"topic": topic, "form": form}, status=status)


@require_POST
@members_only
@answering_refusals
def reopen(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    if not permissions.can_close(request.user, topic):
        raise PermissionDenied
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return render(request, "moderation/reopen.html", {"topic": topic, "form": form}, status=422)
    closing.reopen_topic(topic=topic, by=request.user, **form.cleaned_data)
    messages.success(request, "The topic is open again.")
    return redirect(topic)


@require_POST
@members_only
@answering_refusals
def pin(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    pinning.pin_topic(topic=topic, by=request.user)
    messages.success(request, f"The topic is pinned: it stands first in {topic.section.name}.")
    return redirect(topic)


@require_POST
@members_only
@answering_refusals
def unpin(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    pinning.unpin_topic(topic=topic, by=request.user)
    messages.success(request, "The topic is not pinned any more.")
    return redirect(topic)
