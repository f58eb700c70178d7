"""The page and dialog for reporting a post."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import Person
from core.text import graphemes
from core.web.form_pages import form_for
from core.web.keyset_pagination import id_in_query
from forum.access import permissions
from forum.history.revisions import revision_text
from forum.models import Post, Topic
from forum.models.maximum_lengths import EXCERPT_MAX
from moderation.access.errors import ReportsMuted
from moderation.models import Mute
from moderation.reports.forms import ReportForm
from moderation.reports.mute_reporter import active_mute
from moderation.reports.report import report_by, report_post


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def report(request: MemberRequest, pk: int) -> HttpResponse:
    post = _reportable_post(request.user, pk)
    earlier = report_by(request.user, post)
    if earlier and request.method == "POST":
        messages.info(request, _("You already reported this post. Moderators will review it."))
        return redirect(post)
    if mute := active_mute(request.user):
        return _show_mute(request, post, mute)
    # The revision that the member read is in the URL; the author may have edited the post since.
    seen = id_in_query(request, "seen") or post.version
    form = form_for(request, ReportForm, initial={"version": seen})
    if form.is_valid():
        try:
            report_post(post=post, by=request.user, **form.cleaned_data)
        except ReportsMuted as error:  # muted in between
            return _show_mute(request, post, error.mute)
        messages.success(
            request,
            _("Thank you for your report. Moderators will review it, and we’ll notify you of the outcome."),
        )
        return redirect(post)
    return _show(request, post, status=422 if form.is_bound else 200, form=form, earlier=earlier, seen=seen)


def _show_mute(request: MemberRequest, post: Post, mute: Mute) -> HttpResponse:
    status = 403 if request.method == "POST" else 200
    return _show(request, post, status=status, mute=mute, typed=request.POST.get("comment", ""))


def _show(
    request: MemberRequest, post: Post, *, status: int, seen: int | None = None, **more: object
) -> HttpResponse:
    excerpt = post.excerpt
    if seen and seen < post.version and (text := revision_text(post, seen, to=request.user)):
        excerpt = graphemes.truncate_with_ellipsis(text, EXCERPT_MAX)  # the revision to be reported
    may_read = permissions.can_read_text(request.user, post)
    context = {"post": post, "excerpt": excerpt, "may_read": may_read, "seen": seen, **more}
    return render(request, "moderation/reports/report.html", context, status=status)


def _reportable_post(person: Person, pk: int) -> Post:
    """Returns the post if this person can report it. Auto-hidden posts are included, for members who read them before;
    their text is not shown."""
    posts = Post.objects.filter(topic__in=Topic.objects.visible_to(person).values("pk"))
    post = get_object_or_404(posts.with_details().with_topic(), pk=pk)
    if permissions.can_report(person, post):
        return post
    if permissions.can_read_text(person, post):
        raise PermissionDenied
    raise Http404
