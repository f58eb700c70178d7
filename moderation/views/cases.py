from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.asking import MemberRequest, staff_only
from accounts.keyset import asked_id, newest_first, oldest_first
from accounts.models import Person
from forum.answers import answering_refusals
from moderation import reporting
from moderation.desk import case_file
from moderation.forms import SettleForm
from moderation.models import Case
from moderation.refusals import AlreadySettled


def visible_case(person: Person, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(person).with_post(), pk=pk)


@require_safe
@staff_only
def desk(request: MemberRequest) -> HttpResponse:
    """What waits, longest first."""
    cases = Case.objects.visible_to(request.user).open().for_list()
    page = oldest_first(cases, after=asked_id(request, "after"))
    return render(request, "moderation/desk.html", {"page": page})


@require_safe
@staff_only
def settled(request: MemberRequest) -> HttpResponse:
    cases = Case.objects.visible_to(request.user).settled().for_list()
    page = newest_first(cases, before=asked_id(request, "before"))
    return render(request, "moderation/settled.html", {"page": page})


@require_safe
@staff_only
def case(request: MemberRequest, pk: int) -> HttpResponse:
    return _show(request, visible_case(request.user, pk), SettleForm())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@answering_refusals
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """A GET comes from signing in again on the way: the case, with the note as it was typed."""
    case = visible_case(request.user, pk)
    if request.method != "POST":
        return _show(request, case, SettleForm(initial=kept.take(request)))
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    try:
        case = reporting.settle_case(case=case, by=request.user, **form.cleaned_data)
    except AlreadySettled:
        case = visible_case(request.user, pk)
        return _show(request, case, form, status=409, note=form.cleaned_data["note"])
    messages.success(request, f"Case {case.pk} is settled: {case.get_outcome_display().lower()}.")
    return redirect("moderation:desk")


def _show(
    request: MemberRequest, case: Case, form: SettleForm, *, status: int = 200, note: str = ""
) -> HttpResponse:
    """The case; after somebody else was quicker (409), with the note that was not needed any more."""
    shown = {
        "file": case_file(case, request.user),
        "case": case,
        "form": form,
        "status": status,
        "note": note,
    }
    return render(request, "moderation/case.html", shown, status=status)
