"""Pages at /drafts/. Each shows only the member's own drafts."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only
from core.web.preserved_input import rejected_response
from core.web.request_values import wants_json
from forum.access.errors import ActionError, AlreadySubmitted
from forum.composer.composer import POSTED
from forum.composer.composer_page import continue_after_sign_in, render_page
from forum.composer.contexts import find_context
from forum.composer.draft_list import draft_views
from forum.composer.forms import DraftForm
from forum.drafts import store as drafts_store
from forum.drafts.store import DRAFTS_PER_MEMBER, DraftConflict, TooManyDrafts
from forum.models import Draft
from forum.polls.forms import POLL_FIELDS
from forum.web.form_base import posted_fields


@require_safe
@members_only
def drafts(request: MemberRequest) -> HttpResponse:
    newest = Draft.objects.of(request.user).order_by("-updated_at")
    return render(request, "forum/composer/drafts.html", {"drafts": draft_views(newest, request.user)})


@require_safe
@members_only
def draft(request: MemberRequest, pk: int) -> HttpResponse:
    """Shows a draft to read and copy, even if its topic or section is no longer visible."""
    draft = get_object_or_404(Draft.objects.of(request.user), pk=pk)
    (line,) = draft_views([draft], request.user)
    return render(request, "forum/composer/draft.html", {"draft": draft, "line": line})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def save(request: MemberRequest) -> HttpResponse:
    """Saves a draft, for the button or for the script that saves while typing."""
    if request.method != "POST":
        return continue_after_sign_in(request)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _reject(request, 422, str(next(iter(form.errors.values()))[0]))
    try:
        draft = drafts_store.save(by=request.user, **form.terms)
    except DraftConflict as conflict:
        return _conflict(request, conflict.draft)
    except AlreadySubmitted as error:
        return _already_submitted(request, error)
    except TooManyDrafts:
        message = _("You already have %(max)d drafts. Post or discard one, then save this one again.")
        return _reject(request, 409, message % {"max": DRAFTS_PER_MEMBER})
    if wants_json(request):
        return JsonResponse({"version": draft.version if draft else 0})
    if draft:
        messages.success(request, _("Draft saved."))
    else:
        messages.info(request, _("There is nothing to save."))
    return redirect(_continue_url(request) or "forum:drafts")


def _continue_url(request: MemberRequest) -> str | None:
    context = find_context(request.user, request.POST["place"])
    if context is None:
        return None
    try:
        context.require_may_write(request.user)
    except ActionError:
        return None
    return context.url


def _reject(request: MemberRequest, status: int, message: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": message}, status=status)
    return _render_page(request, status, message)


def _conflict(request: MemberRequest, other: Draft) -> HttpResponse:
    """Shows both drafts: the one that was sent and the one that another device saved. Sending again replaces it."""
    if wants_json(request):
        fields = {name: getattr(other, name) for name in drafts_store.TEXT_FIELDS}
        fields |= {name: other.poll.get(name, "") for name in POLL_FIELDS}
        return JsonResponse({"version": other.version, "at": other.updated_at, "fields": fields}, status=409)
    message = _("A different draft was saved on another device or in another window. Nothing is lost.")
    restored = replace(POSTED, fields={"draft": other.version})
    return _render_page(request, 409, message, restored=restored, other=other)


def _already_submitted(request: MemberRequest, error: AlreadySubmitted) -> HttpResponse:
    """Gives the new text a new submission key. For a script, the page stays open and gets the key."""
    new_values = {"submission_key": uuid4()}
    if wants_json(request):
        return JsonResponse({"version": 0, "sent_before": str(error.explanation), **new_values})
    return _render_page(request, 409, str(error.explanation), new_values, sent=error.submitted)


def _render_page(
    request: MemberRequest,
    status: int,
    message: str,
    new_values: dict[str, Any] | None = None,
    **options: Any,
) -> HttpResponse:
    """Renders the page that the draft came from, if it still exists. `new_values` overrides fields of its form."""
    context = find_context(request.user, request.POST.get("place", ""))
    if context is None:
        back = (reverse("forum:drafts"), _("Drafts"))
        return rejected_response(request, status, title=_("Draft not saved"), explanation=message, back=back)
    form = context.form(request.user, request.POST)
    if not form.errors or status != 422:
        form = context.form(request.user, initial={**posted_fields(form), **(new_values or {})})
    return render_page(request, context, form, status=status, problem=message, **options)


@require_POST
@members_only
def discard(request: MemberRequest, pk: int) -> HttpResponse:
    get_object_or_404(Draft.objects.filter(member=request.user), pk=pk)
    drafts_store.discard(by=request.user, pk=pk)
    messages.success(request, _("Draft discarded."))
    next_url = request.POST.get("next", "")
    is_ours = next_url.startswith("/") and url_has_allowed_host_and_scheme(next_url, allowed_hosts=None)
    return redirect(next_url if is_ours else "forum:drafts")
