"""Actions of staff on a case. A GET of an action with text comes after the person had to sign in again: it shows the
case with the text as it was typed."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, View, staff_only
from core.web.form_pages import form_for
from core.web.times import format_time
from forum.access.errors import EditConflict
from moderation.access.errors import AlreadyDecided, AlreadyResolved, ClaimedByAnother
from moderation.cases import appeal as cases_appeal, messages as cases_messages
from moderation.cases.claim import claim_case, release_case
from moderation.cases.forms import DecideAppealForm, NoteForm, ResolveForm
from moderation.cases.resolve import resolve_case
from moderation.cases.views import show_case, visible_case
from moderation.models import Case


def handles_conflicts(view: View) -> View:
    """If someone else was first, shows the current case, who that was, and the text that was not saved."""

    @wraps(view)
    def wrapper(request: MemberRequest, pk: int, **kwargs: int) -> HttpResponse:
        try:
            return view(request, pk, **kwargs)
        except (AlreadyResolved, AlreadyDecided, ClaimedByAnother) as error:
            unsaved = [
                (name, request.POST[name]) for name in ("body", "note", "reason") if request.POST.get(name)
            ]
            conflict = type(error).__name__
            return show_case(
                request,
                visible_case(request.user, pk),
                status=409,
                conflict=conflict,
                unsaved=unsaved,
            )

    return wrapper


@require_POST
@staff_only
@handles_conflicts
def claim(request: MemberRequest, pk: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    case = claim_case(case=case, by=request.user, take_over="take_over" in request.POST)
    until = format_time(case.claimed_until) if case.claimed_until else ""
    message = _("You claimed case %(number)d until %(time)s.")
    messages.success(request, message % {"number": case.pk, "time": until})
    return redirect(case)


@require_POST
@staff_only
@handles_conflicts
def release(request: MemberRequest, pk: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    if release_case(case=case, by=request.user):
        messages.success(request, _("Case %(number)d released.") % {"number": case.pk})
    return redirect("moderation:desk")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@handles_conflicts
def resolve(request: MemberRequest, pk: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    form = form_for(request, ResolveForm, case=case, by=request.user)
    if not form.is_valid():
        return show_case(request, case, forms={"settle": form})
    try:
        case = resolve_case(case=case, by=request.user, resolution=form.resolution)
    except EditConflict:
        case = visible_case(request.user, pk)
        return show_case(
            request, case, status=409, conflict="EditConflict", unsaved=[("body", form.cleaned_data["body"])]
        )
    message = _("Case %(number)d resolved. Outcome: %(outcome)s.")
    messages.success(request, message % {"number": case.pk, "outcome": case.get_outcome_display()})
    if "next" in request.POST and (next_case := _next_unclaimed(request, case)):
        return redirect(next_case)
    return redirect("moderation:desk")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@handles_conflicts
def decide_appeal(request: MemberRequest, pk: int) -> HttpResponse:
    """Decides the appeal."""
    case = visible_case(request.user, pk)
    form = form_for(request, DecideAppealForm, auto_id="decide_%s")
    if not form.is_valid():
        return show_case(request, case, forms={"decide": form})
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
    appeal = cases_appeal.decide_appeal(case=case, by=request.user, decision=decision, reason=reason)
    if appeal.is_granted and not cases_appeal.is_text_restored(visible_case(request.user, pk)):
        message = _("The post was edited again since, so its text was not restored. Please check it.")
        messages.warning(request, message)
    message = _("Decision upheld. The author has been notified.")
    if appeal.is_granted:
        message = _("Appeal granted. The author has been notified.")
    messages.success(request, message)
    return redirect(case)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def add_note(request: MemberRequest, pk: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    form = form_for(request, NoteForm, auto_id="note_%s")
    if not form.is_valid():
        return show_case(request, case, forms={"note": form})
    cases_messages.add_note(case=case, by=request.user, text=form.cleaned_data["note"])
    return redirect(f"{reverse('moderation:case', args=[pk])}#notes")


def _next_unclaimed(request: MemberRequest, case: Case) -> Case | None:
    """Returns the oldest case after this one that nobody else has claimed, or else the oldest of all."""
    claimable = Case.objects.visible_to(request.user).claimable_by(request.user).order_by("pk")
    return claimable.filter(pk__gt=case.pk).first() or claimable.first()
