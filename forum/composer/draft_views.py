"""Pages at /drafts/: what a member has begun. Each asks for the member's own alone."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only
from core.web import preserved_input as kept
from core.web.request_values import wants_json
from forum.access.errors import Refusal, SentBefore
from forum.composer import contexts as places, pages as writing
from forum.composer.draft_list import shown
from forum.composer.forms import DraftForm
from forum.drafts import store as acts
from forum.drafts.store import DraftConflict, TooManyDrafts
from forum.models import Draft
from forum.models.limits import DRAFTS_PER_MEMBER
from forum.polls.forms import POLL_FIELDS
from forum.web.form_base import as_typed

TOO_MANY = (
    f"You have {DRAFTS_PER_MEMBER} drafts already. Send or discard one of them, then save this one again."
)


@require_safe
@members_only
def drafts(request: MemberRequest) -> HttpResponse:
    newest = Draft.objects.of(request.user).order_by("-updated_at")
    return render(request, "forum/drafts.html", {"drafts": shown(newest, request.user)})


@require_safe
@members_only
def draft(request: MemberRequest, pk: int) -> HttpResponse:
    """To be read and copied, whatever has become of its place."""
    draft = get_object_or_404(Draft.objects.of(request.user), pk=pk)
    (line,) = shown([draft], request.user)
    return render(request, "forum/draft.html", {"draft": draft, "line": line})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def save(request: MemberRequest) -> HttpResponse:
    """By a button, or by a script while one types."""
    if request.method != "POST":
        return writing.go_on(request)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _refuse(request, 422, str(next(iter(form.errors.values()))[0]))
    try:
        draft = acts.save(by=request.user, **form.terms)
    except DraftConflict as conflict:
        return _both(request, conflict.draft)
    except SentBefore as refusal:
        return _another(request, refusal)
    except TooManyDrafts:
        return _refuse(request, 409, TOO_MANY)
    if wants_json(request):
        return JsonResponse({"version": draft.version if draft else 0})
    if draft:
        messages.success(request, "Your draft is saved.")
    else:
        messages.info(request, "There is nothing to save here.")
    return redirect(_where_it_goes_on(request) or "forum:drafts")


def _where_it_goes_on(request: MemberRequest) -> str | None:
    place = places.find(request.user, request.POST["place"])
    if place is None:
        return None
    try:
        place.require_may_write(request.user)
    except Refusal:
        return None
    return place.address


def _refuse(request: MemberRequest, status: int, problem: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": problem}, status=status)
    return _page_again(request, status, problem)


def _both(request: MemberRequest, other: Draft) -> HttpResponse:
    """What this device sent and what another has saved; sending it again goes on from what is saved now."""
    if wants_json(request):
        said = {name: getattr(other, name) for name in acts.SAID}
        said |= {name: other.poll.get(name, "") for name in POLL_FIELDS}
        return JsonResponse({"version": other.version, "at": other.updated_at, "fields": said}, status=409)
    problem = "Another device, or another window, has saved something else here meanwhile. Nothing is lost."
    return _page_again(request, 409, problem, draft=other.version, other=other)


def _another(request: MemberRequest, refusal: SentBefore) -> HttpResponse:
    """Its form goes on with a key of its own. A script that hears of it has a page that is still open."""
    again = {"submission_key": uuid4()}
    if wants_json(request):
        return JsonResponse({"version": 0, "sent_before": refusal.words, **again})
    return _page_again(request, 409, refusal.words, again, sent=refusal.sent)


def _page_again(
    request: MemberRequest, status: int, problem: str, again: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    """The page it came from, as far as that is still there. `again`: what its form says otherwise than it came."""
    place = places.find(request.user, request.POST.get("place", ""))
    if place is None:
        back = (reverse("forum:drafts"), "Your drafts")
        return kept.refuse(request, status, title="Not saved", explanation=problem, back=back)
    form = place.form(request.user, request.POST)
    if not form.errors or status != 422:
        form = place.form(request.user, initial={**as_typed(form), **(again or {})})
    return writing.page(request, place, form, status=status, problem=problem, **more)


@require_POST
@members_only
def discard(request: MemberRequest, pk: int) -> HttpResponse:
    get_object_or_404(Draft.objects.filter(member=request.user), pk=pk)
    acts.discard(by=request.user, pk=pk)
    messages.success(request, "The draft is discarded.")
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "forum:drafts")
