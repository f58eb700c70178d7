"""The moderation queue, and the page of a case."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access.decorators import MemberRequest, staff_only
from accounts.models import Person, User
from core.web.keyset_pagination import RowsPage, id_in_query, newest_first, oldest_first
from forum.models import Section
from moderation.cases.case_detail import CaseDetail, case_detail_for
from moderation.cases.filters import AGES, CaseFilters
from moderation.cases.forms import DecideAppealForm, MessageForm, NoteForm, ReasonForm, ResolveForm
from moderation.models import Case, Report
from moderation.statistics.response_times import response_times_for


def visible_case(person: Person, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(person).with_post(), pk=pk)


@require_safe
@staff_only
def queue(request: MemberRequest) -> HttpResponse:
    """Open cases and appeals, oldest first."""
    return _show_queue(request, CaseFilters.of(request.GET))


@require_safe
@staff_only
def resolved(request: MemberRequest) -> HttpResponse:
    return _show_queue(request, CaseFilters.of(request.GET, state="settled"))


@require_safe
@staff_only
def case(request: MemberRequest, pk: int) -> HttpResponse:
    return show_case(request, visible_case(request.user, pk))


def _show_queue(request: MemberRequest, filters: CaseFilters) -> HttpResponse:
    page = _page(request, filters)
    context = {
        "page": page,
        "here": "settled" if filters.state == "settled" else "desk",
        "heading": _("Resolved cases") if filters.state == "settled" else _("Cases"),
        "filters": filters,
        "empty_message": filters.empty_message(is_first_page=page.is_first),
        "next_query": f"{filters.query}&{'before' if filters.is_newest_first else 'after'}={page.last_id}",
        "response_times": response_times_for(request.user)
        if page.is_first and filters == CaseFilters()
        else None,
        "ages": AGES,
        "reasons": Report.Reason.choices,
        "sections": sections_of(request.user),
    }
    return render(request, "moderation/cases/queue.html", context)


def _page(request: MemberRequest, filters: CaseFilters) -> RowsPage:
    # Two queries: first the ids of the cases, then what their rows show. In a single query, the planner would join all
    # hundred thousand cases before it filters them.
    cases = filters.apply_to(Case.objects.visible_to(request.user), request.user).only("pk")
    if filters.is_newest_first:
        page = newest_first(cases, before=id_in_query(request, "before"))
    else:
        page = oldest_first(cases, after=id_in_query(request, "after"))
    rows = Case.objects.for_list().in_bulk([case.pk for case in page.rows])
    return replace(page, rows=[rows[case.pk] for case in page.rows])


def sections_of(person: User) -> list[Section]:
    """Returns the sections in which this person is staff."""
    sections = Section.objects.in_order()
    return list(sections if person.moderates is None else sections.filter(pk__in=person.moderates))


def show_case(
    request: MemberRequest,
    case: Case,
    *,
    status: int | None = None,
    forms: Mapping[str, forms.Form] | None = None,
    **more: Any,
) -> HttpResponse:
    """Shows the case with its forms. `forms`: submitted forms with errors, or with preserved input. `more`: context for
    an action that came too late."""
    file = case_detail_for(case, request.user)
    submitted = dict(forms or {})
    status = status or (422 if any(form.errors for form in submitted.values()) else 200)
    context = {
        "file": file,
        "case": case,
        "settle_form": submitted.get("settle") or ResolveForm(case=case, by=request.user),
        "decide_form": submitted.get("decide") or DecideAppealForm(auto_id="decide_%s"),
        "note_form": submitted.get("note") or NoteForm(auto_id="note_%s"),
        "lines": _with_forms(file, submitted),
        # For the error summary in the title of the page.
        "form": next(iter(submitted.values()), None),
        "status": status,
        **more,
    }
    return render(request, "moderation/cases/case.html", context, status=status)


def _with_forms(file: CaseDetail, submitted: Mapping[str, forms.Form]) -> list[dict[str, Any]]:
    """Returns each report with the forms about its reporter."""
    return [
        {
            "line": line,
            "write": submitted.get(f"write{line.report.number}")
            or MessageForm(auto_id=f"write{line.report.number}_%s"),
            "unmask": submitted.get(f"unmask{line.report.number}")
            or ReasonForm(auto_id=f"unmask{line.report.number}_%s"),
            "mute": submitted.get(f"mute{line.report.number}")
            or ReasonForm(auto_id=f"mute{line.report.number}_%s"),
        }
        for line in file.reports
    ]
