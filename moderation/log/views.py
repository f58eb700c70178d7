"""Pages of the moderation log: the list, one entry, and undo."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access.decorators import MemberRequest, staff_only
from accounts.models.log_entry import LogEntry
from accounts.rate_limiting.rate_counter import RateLimitExceeded
from core.web.keyset_pagination import id_in_query
from forum.access.errors import ActionError
from moderation.log.display import log_lines, readable_facts
from moderation.log.entries import log_page, moderated_section_ids, visible_entries
from moderation.log.forms import LogForm, UndoForm
from moderation.log.undo import message_of, undo_entries, undo_entry
from moderation.web.select_all import query_without_all, selects_all


@require_safe
@staff_only
def log(request: MemberRequest) -> HttpResponse:
    """The list of actions, newest first, with filters."""
    return _show(request)


@require_safe
@staff_only
def entry(request: MemberRequest, pk: int) -> HttpResponse:
    """One entry, with what changed."""
    entry = get_object_or_404(visible_entries(request.user), pk=pk)
    return _show_entry(request, entry)


@require_POST
@staff_only
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Undoes one entry. If that is not possible, its page says why, with 409."""
    entry = get_object_or_404(visible_entries(request.user), pk=pk)
    try:
        undo_entry(entry=entry, by=request.user)
    except RateLimitExceeded:
        raise  # its page has Retry-After
    except ActionError as error:
        # Permissions may have changed.
        current_entry = get_object_or_404(visible_entries(request.user), pk=pk)
        return _show_entry(request, current_entry, error_message=message_of(error))
    messages.success(request, _("Action undone."))
    return redirect("moderation:entry", pk)


@require_POST
@staff_only
def undo_several(request: MemberRequest) -> HttpResponse:
    """Undoes all selected entries. The response lists those that could not be undone, with the reasons."""
    form = UndoForm(request.POST, entries=visible_entries(request.user))
    if not form.is_valid():
        return _show(request, form)
    outcome = undo_entries(entries=form.cleaned_data["entry"], by=request.user)
    if outcome.failed:
        status = 200 if outcome.undone else 409
        return render(request, "moderation/log/undone.html", {"outcome": outcome}, status=status)
    count = len(outcome.undone)
    messages.success(request, ngettext("%d action undone.", "%d actions undone.", count) % count)
    return redirect("moderation:log")


def _show(request: MemberRequest, undo_form: UndoForm | None = None) -> HttpResponse:
    sections = moderated_section_ids(request.user)
    form = LogForm(request.GET, sections=sections)
    filters = form.filters if form.is_valid() else None
    entries = visible_entries(request.user, filters)
    before = id_in_query(request, "before")
    page = log_page(entries if filters else entries.none(), before=before)
    lines = log_lines(page.rows, request.user)
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "may_undo": any(line.may_undo for line in lines),
        "all": selects_all(request),
        "query": query_without_all(request),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "filter_query": _filters_in_query(request),
        "undo_form": undo_form,
    }
    return render(
        request, "moderation/log/log.html", context, status=422 if form.errors or undo_form else 200
    )


def _filters_in_query(request: MemberRequest) -> str:
    """Returns the filters as a query string, for the link to the next page."""
    params = request.GET.copy()
    for name in [name for name in params if name in ("before", "all") or not params[name]]:
        del params[name]
    return params.urlencode()


def _show_entry(request: MemberRequest, entry: LogEntry, *, error_message: str = "") -> HttpResponse:
    context = {
        "entry": entry,
        "line": log_lines([entry], request.user)[0],
        "facts": readable_facts(entry, request.user),
        "error_message": error_message,
    }
    return render(request, "moderation/log/entry.html", context, status=409 if error_message else 200)
