"""What a member was told."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.asked import is_number
from accounts.asking import MemberRequest, members_only
from accounts.keyset import asked_id, newest_first
from notifications import telling
from notifications.models import Notice


@require_safe
@members_only
def inbox(request: MemberRequest) -> HttpResponse:
    """Newest first, the unread marked; they stay unread until their member says so."""
    notices = Notice.objects.filter(member=request.user)
    page = newest_first(notices, before=asked_id(request, "before"))
    context = {
        "page": page,
        "newest": page.rows[0].pk if page.is_first and page.rows else None,
        "has_unread": Notice.objects.unread().filter(member=request.user).exists(),
    }
    return render(request, "notifications/inbox.html", context)


@require_POST
@members_only
def mark_all_read(request: MemberRequest) -> HttpResponse:
    """What came after the page was made on which they said so stays unread."""
    newest = request.POST.get("up_to", "")
    if newest and not is_number(newest, digits=18):
        raise BadRequest("up_to is not a number")
    telling.mark_all_read(by=request.user, up_to=int(newest) if newest else None)
    messages.success(request, "All your notices are marked as read.")
    return redirect("notifications:inbox")
