"""The list of notifications."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.access.suspension import open_while_suspended
from core.web.keyset_pagination import id_in_query, newest_first
from core.web.request_values import is_number
from notifications.inbox import notify as inbox_notify
from notifications.models import Notification


@open_while_suspended
@require_safe
@members_only
def inbox(request: MemberRequest) -> HttpResponse:
    """Lists the notifications, newest first. They stay unread until opened or marked as read."""
    notices = Notification.objects.filter(member=request.user)
    before = id_in_query(request, "before")
    page = newest_first(notices, before=before)
    context = {
        "page": page,
        "before": before or "",
        "newest": page.rows[0].pk if page.is_first and page.rows else None,
        "has_unread": Notification.objects.unread().filter(member=request.user).exists(),
    }
    return render(request, "notifications/inbox/inbox.html", context)


@open_while_suspended
@require_POST
@members_only
def mark_all_read(request: MemberRequest) -> HttpResponse:
    """Marks as read what the page showed; notifications that came later stay unread."""
    newest = request.POST.get("up_to", "")
    if newest and not is_number(newest, digits=18):
        raise BadRequest("up_to is not a number")
    inbox_notify.mark_all_read(by=request.user, up_to=int(newest) if newest else None)
    messages.success(request, _("All notifications marked as read."))
    return redirect("notifications:inbox")


@open_while_suspended
@require_POST
@members_only
def open_notice(request: MemberRequest, pk: int) -> HttpResponse:
    """Marks it as read and redirects to its link. A POST, because browsers may prefetch a GET."""
    notice = _found(inbox_notify.mark_read(by=request.user, notice=pk))
    return redirect(notice.url or reverse("notifications:inbox"))


@open_while_suspended
@require_POST
@members_only
def mark_read(request: MemberRequest, pk: int) -> HttpResponse:
    _found(inbox_notify.mark_read(by=request.user, notice=pk))
    messages.success(request, _("Marked as read."))
    return _back_to(request, pk)


@open_while_suspended
@require_POST
@members_only
def mark_unread(request: MemberRequest, pk: int) -> HttpResponse:
    _found(inbox_notify.mark_unread(by=request.user, notice=pk))
    messages.success(request, _("Marked as unread."))
    return _back_to(request, pk)


def _found(notice: Notification | None) -> Notification:
    if notice is None:
        raise Http404
    return notice


def _back_to(request: MemberRequest, pk: int) -> HttpResponse:
    """Redirects to the notification on the page of the list where it was shown."""
    before = request.POST.get("before", "")
    query = f"?before={before}" if is_number(before, digits=18) else ""
    return redirect(f"{reverse('notifications:inbox')}{query}#n{pk}")
