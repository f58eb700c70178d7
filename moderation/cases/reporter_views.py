"""Actions on a numbered reporter: write to them, reveal their identity, mute them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, staff_only
from core.web.form_pages import form_for
from core.web.times import format_time
from moderation.cases.action_views import handles_conflicts
from moderation.cases.forms import MessageForm, ReasonForm
from moderation.cases.messages import write_to_reporter
from moderation.cases.reporter_stats import active_mutes_visible_to, often_dismissed
from moderation.cases.reveal_reporter import reveal_reporter
from moderation.cases.views import show_case, visible_case
from moderation.models import Case, Mute, Report
from moderation.reports.mute_reporter import mute_reporter, unmute_reporter


@require_safe
@staff_only
def all_reporters(request: MemberRequest) -> HttpResponse:
    """Reporters whose reports were often dismissed, and muted reporters; without names."""
    context = {
        "often_dismissed": often_dismissed(request.user),
        "mutes": active_mutes_visible_to(request.user),
    }
    return render(request, "moderation/cases/reporters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@handles_conflicts
def write(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    report = _report(case, number)
    form = form_for(request, MessageForm, auto_id=f"write{number}_%s")
    if not form.is_valid():
        return show_case(request, case, forms={f"write{number}": form})
    write_to_reporter(report=report, by=request.user, text=form.cleaned_data["body"])
    message = _("Message sent to reporter %(number)d. They do not see your name.")
    messages.success(request, message % {"number": number})
    return _back_to(case, number)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def reveal(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    report = _report(case, number)
    form = form_for(request, ReasonForm, auto_id=f"unmask{number}_%s")
    if not form.is_valid():
        return show_case(request, case, forms={f"unmask{number}": form})
    reveal_reporter(report=report, by=request.user, **form.cleaned_data)
    message = _("You can now see who reporter %(number)d is. This was logged with your reason.")
    messages.success(request, message % {"number": number})
    return _back_to(case, number)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def mute(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    case = visible_case(request.user, pk)
    report = _report(case, number)
    form = form_for(request, ReasonForm, auto_id=f"mute{number}_%s")
    if not form.is_valid():
        return show_case(request, case, forms={f"mute{number}": form})
    active = mute_reporter(report=report, by=request.user, **form.cleaned_data)
    if active.muted_by_id == request.user.pk:
        message = _("Reporter %(number)d is muted until %(time)s. They have been notified.")
        messages.success(request, message % {"number": number, "time": format_time(active.until)})
    else:
        message = _("%(name)s already muted this reporter.")
        messages.info(request, message % {"name": active.muted_by.name})
    return _back_to(case, number)


@require_POST
@staff_only
def unmute(request: MemberRequest, pk: int) -> HttpResponse:
    mute = get_object_or_404(
        Mute.objects.select_related("because_of"),
        pk=pk,
        because_of__case__in=Case.objects.visible_to(request.user),
    )
    if unmute_reporter(mute=mute, by=request.user):
        messages.success(request, _("Reporter unmuted. They have been notified."))
    return redirect("moderation:reporters")


def _report(case: Case, number: int) -> Report:
    return get_object_or_404(case.reports.select_related("reporter"), number=number)


def _back_to(case: Case, number: int) -> HttpResponse:
    return redirect(f"{reverse('moderation:case', args=[case.pk])}#reporter{number}")
