"""Pages on which staff close, pin, slow down, remove and restore a topic."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import form_for, form_page
from forum.access import permissions
from forum.access.errors import TopicIsClosed
from forum.access.lookup import visible_topic
from forum.models import Topic
from moderation.access.errors import already_done
from moderation.access.lookup import managed_topic
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.close_forms import CloseForm, ReopenForm
from moderation.topics.forms import AutoCloseForm, PinForm, RemoveOwnTopicForm, RemoveTopicForm, SlowModeForm
from moderation.topics.pin import pin_topic, unpin_topic
from moderation.topics.remove import remove_topic, require_can_remove_topic, restore_topic
from moderation.topics.timers import cancel_auto_close, set_auto_close, set_slow_mode
from moderation.web.feedback import show_outcome


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def close(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_close)
    form = form_for(request, CloseForm, topic=topic, by=request.user)
    if form.is_valid():
        closure = close_topic(topic=topic, by=request.user, **form.cleaned_data)
        if closure.closed_by_id == request.user.pk:
            messages.success(request, _("The topic was closed."))
        else:
            messages.info(request, already_done(closure.closed_by, closure.closed_at))
        return redirect(topic)
    return form_page(request, "moderation/topics/close.html", form, topic=topic)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def reopen(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_close)
    form = form_for(request, ReopenForm)
    if form.is_valid():
        is_done = reopen_topic(topic=topic, by=request.user, **form.cleaned_data)
        show_outcome(request, is_done, _("The topic was reopened."), topic, "reopen")
        return redirect(topic)
    return form_page(request, "moderation/topics/reopen.html", form, topic=topic)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def pin(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_pin)
    form = form_for(request, PinForm)
    if form.is_valid():
        pin = pin_topic(topic=topic, by=request.user, **form.cleaned_data)
        message = _("The topic was pinned to the top of %(section)s.") % {"section": topic.section.name}
        show_outcome(request, pin.pinned_by_id == request.user.pk, message, topic, "pin")
        return redirect(topic)
    return form_page(request, "moderation/topics/pin.html", form, topic=topic)


@require_POST
@members_only
def unpin(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    is_done = unpin_topic(topic=topic, by=request.user)
    show_outcome(request, is_done, _("The topic was unpinned."), topic, "unpin", "unpin_by_itself")
    return redirect(topic)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def timer(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Sets auto-close. Only an open topic can have it."""
    topic = managed_topic(request, pk, permissions.can_close)
    if topic.is_closed:
        raise TopicIsClosed(topic)
    days = topic.inactivity_days
    initial = {
        "days": days,
        "at": None if days or not topic.closes_at else timezone.localtime(topic.closes_at),
    }
    form = form_for(request, AutoCloseForm, initial=initial)
    if form.is_valid():
        began = timezone.now()
        timer = set_auto_close(topic=topic, by=request.user, **form.cleaned_data)
        message = _("Auto-close is set. The topic shows when it closes.")
        show_outcome(request, timer.set_at >= began, message, topic, "set_timer")
        return redirect(topic)
    return form_page(request, "moderation/topics/auto_close.html", form, topic=topic)


@require_POST
@members_only
def cancel_timer(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    is_done = cancel_auto_close(topic=topic, by=request.user)
    show_outcome(request, is_done, _("Auto-close was cancelled. The topic stays open."), topic, "stop_timer")
    return redirect(topic)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def slow_mode(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = managed_topic(request, pk, permissions.can_close)
    form = form_for(request, SlowModeForm, initial={"minutes": topic.slow_minutes})
    if form.is_valid():
        is_done = set_slow_mode(topic=topic, by=request.user, **form.cleaned_data)
        message = _("Slow mode is on.") if form.cleaned_data["minutes"] else _("Slow mode is off.")
        show_outcome(request, is_done, message, topic, "slow_down", "end_slow_mode")
        return redirect(topic)
    return form_page(request, "moderation/topics/slow_mode.html", form, topic=topic)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def remove(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    require_can_remove_topic(request.user, topic)
    is_staff = permissions.is_staff_in(request.user, topic.section)
    form: Form = form_for(request, RemoveTopicForm if is_staff else RemoveOwnTopicForm)
    if form.is_valid():
        removal = remove_topic(topic=topic, by=request.user, **form.cleaned_data)
        message = _("The topic was removed. Only staff can see it. It can be restored.")
        show_outcome(request, removal.removed_by_id == request.user.pk, message, topic, "remove_topic")
        return redirect(topic if is_staff else topic.section)
    return form_page(request, "moderation/topics/remove_topic.html", form, topic=topic, is_staff=is_staff)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def restore(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Restores a removed topic. Its author gets here from a notification, because they cannot see the topic itself."""
    topic = Topic.objects.with_state().filter(pk=pk).first()
    if topic is None or not permissions.can_restore_topic(request.user, topic):
        topic = visible_topic(request.user, pk)
    if request.method == "POST":
        is_done = restore_topic(topic=topic, by=request.user)
        show_outcome(request, is_done, _("The topic was restored."), topic, "restore_topic")
    elif topic.is_removed:
        return render(request, "moderation/topics/restore_topic.html", {"topic": topic})
    return redirect(topic)
