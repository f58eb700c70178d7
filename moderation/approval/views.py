"""/moderation/waiting/: pending posts, oldest first; approving and rejecting one or several."""

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, staff_only
from core.web.form_pages import form_for, form_page
from core.web.keyset_pagination import id_in_query, oldest_first
from core.web.request_values import is_number
from forum.access.errors import NotAllowed
from forum.approval.display import pending_views
from forum.models import PendingPost
from moderation.access.errors import AlreadyReviewed, CannotApprove
from moderation.approval.approve import OVERDUE_AFTER, approve_post, reject_post
from moderation.approval.forms import RejectForm
from moderation.web.select_all import query_without_all, selects_all

SELECTION_MAX = 100


@require_safe
@staff_only
def pending_posts(request: MemberRequest) -> HttpResponse:
    rows = PendingPost.objects.reviewable_by(request.user).with_destination()
    page = oldest_first(rows, after=id_in_query(request, "after"))
    context = {
        "page": page,
        "lines": pending_views(page.rows, request.user),
        "overdue_before": timezone.now() - OVERDUE_AFTER,
        "form": RejectForm(reason_required=True),
        "all": selects_all(request),
        "query": query_without_all(request),
    }
    return render(request, "moderation/approval/pending_posts.html", context)


@require_POST
@staff_only
def approve(request: MemberRequest) -> HttpResponse:
    posts = _selected(request, request.POST)
    count = _do_each(request, posts, lambda pending: approve_post(pending=pending, by=request.user))
    if count:
        message = ngettext("%(count)d post approved.", "%(count)d posts approved.", count)
        messages.success(request, message % {"count": count})
    return redirect("moderation:waiting")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def reject(request: MemberRequest) -> HttpResponse:
    """`?waiting=` are ids of pending posts; `?by=` is the id of a member, for all of theirs. The form lists each post
    that was shown, so that posts sent since then are not rejected unread."""
    is_get = request.method != "POST"
    if is_get and "by" in request.GET:
        posts = _pending_by(request, request.GET["by"])
    else:
        posts = _selected(request, request.GET if is_get else request.POST)
    form = form_for(request, RejectForm, reason_required=True)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        count = _do_each(
            request, posts, lambda pending: reject_post(pending=pending, by=request.user, reason=reason)
        )
        if count:
            message = ngettext("%(count)d post rejected.", "%(count)d posts rejected.", count)
            messages.success(request, message % {"count": count})
        return redirect("moderation:waiting")
    lines = pending_views(posts, request.user)
    return form_page(request, "moderation/approval/reject.html", form, lines=lines)


def _selected(request: MemberRequest, params: QueryDict) -> list[PendingPost]:
    """Returns the posts that were asked for and that this person can see, pending or not."""
    pks = [int(value) for value in params.getlist("waiting") if is_number(value, digits=18)][:SELECTION_MAX]
    visible = PendingPost.objects.visible_to(request.user).with_destination().order_by("pk")
    return list(visible.filter(pk__in=pks)) if pks else []


def _pending_by(request: MemberRequest, author: str) -> list[PendingPost]:
    """Returns the pending posts by a member that this person can see."""
    visible = PendingPost.objects.visible_to(request.user).with_destination().order_by("pk")
    return (
        list(visible.pending().filter(author=int(author))[:SELECTION_MAX])
        if is_number(author, digits=18)
        else []
    )


def _do_each(
    request: MemberRequest,
    posts: Iterable[PendingPost],
    act: Callable[[PendingPost], object],
) -> int:
    """Calls `act` for each, in separate transactions so that a failure does not affect the others. Returns how many
    succeeded."""
    count = 0
    for pending in posts:
        try:
            act(pending)
        except (AlreadyReviewed, CannotApprove) as error:
            messages.warning(request, error.explanation)
        except NotAllowed:
            message = _("You don’t have permission to review “%(title)s”.")
            messages.warning(request, message % {"title": pending.heading})
        else:
            count += 1
    if not posts:
        messages.warning(request, _("Select at least one post first."))
    return count
