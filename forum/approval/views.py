"""/waiting/<id>/: a post that is or was awaiting approval, for its author and staff."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import Person
from forum.approval import queue as approval_queue
from forum.approval.display import pending_views
from forum.models import PendingPost


def visible_pending_post(person: Person, pk: int) -> PendingPost:
    return get_object_or_404(PendingPost.objects.visible_to(person).with_destination(), pk=pk)


@require_safe
@members_only
def pending_post(request: MemberRequest, pk: int) -> HttpResponse:
    pending = visible_pending_post(request.user, pk)
    (line,) = pending_views([pending], request.user)
    return render(request, "forum/approval/pending_post.html", {"text": pending, "line": line})


@require_POST
@members_only
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    pending = visible_pending_post(request.user, pk)
    if approval_queue.withdraw(pending=pending, by=request.user):
        messages.success(request, _("Your post was withdrawn. You can copy it below."))
    return redirect(pending)
