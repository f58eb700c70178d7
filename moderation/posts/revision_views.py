"""Pages that hide one revision of a post, and show it again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import form_for, form_page
from forum.access.lookup import readable_post
from forum.history.revisions import ShownRevision, revisions_of
from forum.models import Post
from moderation.access.errors import already_done
from moderation.posts.forms import HideRevisionForm
from moderation.posts.hide_revision import hide_revision, require_can_hide, show_revision


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def hide(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    require_can_hide(request.user, post, number)
    revision = _revision(request, post, number)
    form = form_for(request, HideRevisionForm)
    if revision.hidden or form.is_valid():
        reason = "" if revision.hidden else form.cleaned_data["reason"]
        hidden = revision.hidden or hide_revision(post=post, number=number, by=request.user, reason=reason)
        if hidden.hidden_by_id == request.user.pk:
            message = _("Revision %(number)d is hidden. Only staff can see it.") % {"number": number}
            messages.success(request, message)
        else:
            messages.info(request, already_done(hidden.hidden_by, hidden.hidden_at))
        return redirect(post.url_for("history"))
    return form_page(request, "moderation/posts/hide_revision.html", form, post=post, revision=revision)


@require_POST
@members_only
def show(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    show_revision(post=post, number=number, by=request.user)
    message = _("Revision %(number)d is visible again to everyone who can see the edit history.")
    messages.success(request, message % {"number": number})
    return redirect(post.url_for("history"))


def _revision(request: MemberRequest, post: Post, number: int) -> ShownRevision:
    revisions = revisions_of(post, to=request.user)
    revision = next((shown for shown in revisions if shown.number == number), None)
    if revision is None:
        raise Http404
    return revision
