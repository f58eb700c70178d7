"""A member’s own reports, their outcomes and the messages about them."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import User
from core.web.form_pages import form_for, form_page
from core.web.keyset_pagination import id_in_query, newest_first
from forum.access.permissions import can_read_text, can_read_topic
from forum.models import Topic
from moderation.access.permissions import can_write_to_staff
from moderation.cases import messages as cases_messages
from moderation.cases.forms import MessageForm
from moderation.cases.notices import outcome_for_reporter
from moderation.models import Report


@require_safe
@members_only
def my_reports(request: MemberRequest) -> HttpResponse:
    page = newest_first(_reports_by(request.user), before=id_in_query(request, "before"))
    topics = {report.case.post.topic_id for report in page.rows}
    readable = set(Topic.objects.visible_to(request.user).filter(pk__in=topics).values_list("pk", flat=True))
    return render(request, "moderation/cases/my_reports.html", {"page": page, "readable": readable})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def my_report(request: MemberRequest, pk: int) -> HttpResponse:
    """A POST sends a reply to moderators."""
    report = get_object_or_404(_reports_by(request.user), pk=pk)
    form = form_for(request, MessageForm)
    if not form.is_valid():
        return _show(request, report, form)
    cases_messages.reply_to_staff(report=report, by=request.user, text=form.cleaned_data["body"])
    messages.success(request, _("Your reply was sent to moderators. They do not see your name."))
    return redirect("moderation:own_report", pk)


def _reports_by(member: User) -> QuerySet[Report]:
    """The queryset counterpart of permissions.can_see_report."""
    return Report.objects.filter(reporter=member).select_related(
        "rule",
        "case__appeal",
        "case__claimed_by",
        "case__post__author",
        "case__post__removal",
        "case__post__topic__section",
    )


def _show(request: MemberRequest, report: Report, form: MessageForm) -> HttpResponse:
    report_messages = list(report.events.messages().order_by("pk"))
    last_is_from_staff = cases_messages.last_is_from_staff(report)
    context: dict[str, Any] = {
        "report": report,
        "case": report.case,
        "may_read_topic": can_read_topic(request.user, report.case.post.topic),
        "report_messages": report_messages,
        "may_reply": can_write_to_staff(request.user, report, last_is_from_staff=last_is_from_staff),
        "may_read_post": can_read_text(request.user, report.case.post),
        "outcome": "" if report.case.is_open else outcome_for_reporter(report.case),
    }
    return form_page(request, "moderation/cases/my_report.html", form, **context)
