"""The author’s page about a decision on their post, and their appeal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from accounts.access.suspension import open_while_suspended
from core.web import preserved_input
from forum.access.permissions import can_read_hidden_revision, can_read_topic
from forum.history.revisions import is_hidden
from forum.models import Revision
from forum.quotes.display import has_quotes, quotes_in, revision_key
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
    told_of = Case.objects.breaches().filter(author=request.user)
    case = get_object_or_404(told_of.with_post(), pk=pk)
    if request.method != "POST":
        return _show(request, case, AppealForm(initial=preserved_input.pop(request)))
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    create_appeal(case=case, by=request.user, words=form.cleaned_data["body"])
    messages.success(
        request, _("Appeal sent. A moderator will review it, and we’ll notify you of the decision.")
    )
    return redirect("moderation:appeal", pk)


def _show(request: MemberRequest, case: Case, form: AppealForm, *, status: int = 200) -> HttpResponse:
    post = case.post
    said = Revision.current(post)
    if case.revision != post.version:
        said = Revision.objects.get(post=post, number=case.revision)
    if is_hidden(post, said.number) and not can_read_hidden_revision(request.user, post):
        # Staff have hidden this revision from everyone, including its author.
        said.is_readable, said.body, said.html = False, "", ""
    quotes = quotes_in([revision_key(said)] if has_quotes(said.html) else [], request.user)
    said.html = quotes.fill(revision_key(said), said.html)
    shown = {
        "case": case,
        "post": post,
        "said": said,
        "may_read_topic": can_read_topic(request.user, post.topic),
        "decided": outcome_for_author(case),
        "appeal": appeal_of(case),
        "may_appeal": can_appeal(request.user, case),
        "ends_at": appeal_ends_at(case),
        "form": form,
    }
    return render(request, "moderation/cases/appeal.html", shown, status=status)
