"""The author’s page about a decision on their post, and their appeal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from accounts.access.suspension import open_while_suspended
from accounts.models import User
from core.web.form_pages import form_for, form_page
from forum.access.permissions import can_read_hidden_revision, can_read_topic
from forum.history.revisions import is_hidden
from forum.quotes.display import has_quotes, quotes_in
from moderation.access.permissions import can_appeal
from moderation.cases.appeal import create_appeal
from moderation.cases.forms import AppealForm
from moderation.cases.notices import appeal_ends_at, appeal_of, outcome_for_author
from moderation.models import Case


@open_while_suspended
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def appeal(request: MemberRequest, pk: int) -> HttpResponse:
    """Not found while the case is open or if no violation was found, since an author must not learn that someone
    reported them."""
    cases = Case.objects.breaches().filter(author=request.user)
    case = get_object_or_404(cases.with_post(), pk=pk)
    form = form_for(request, AppealForm)
    if not form.is_valid():
        return _show(request, case, form)
    create_appeal(case=case, by=request.user, text=form.cleaned_data["body"])
    messages.success(
        request, _("Appeal sent. A moderator will review it, and we’ll notify you of the decision.")
    )
    return redirect("moderation:appeal", pk)


def _show(request: MemberRequest, case: Case, form: AppealForm) -> HttpResponse:
    post = case.post
    context: dict[str, Any] = {
        "case": case,
        "post": post,
        "text": _text_of(case, request.user),
        "may_read_topic": can_read_topic(request.user, post.topic),
        "outcome": outcome_for_author(case),
        "appeal": appeal_of(case),
        "may_appeal": can_appeal(request.user, case),
        "ends_at": appeal_ends_at(case),
    }
    return form_page(request, "moderation/cases/appeal.html", form, **context)


def _text_of(case: Case, author: User) -> str | None:
    """Returns the HTML of the revision that the decision is about, or None if staff have hidden it from everyone,
    including its author."""
    post, number = case.post, case.revision
    if is_hidden(post, number) and not can_read_hidden_revision(author, post):
        return None
    html = post.html if number == post.version else post.revisions.get(number=number).html
    quotes = quotes_in([(post.pk, number)] if has_quotes(html) else [], author)
    return quotes.fill((post.pk, number), html)
