"""Pages that hide one revision of a post, and show it again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, members_only, post_data
from core.web import preserved_input
from forum.access.lookup import readable_post
from forum.history.revisions import ShownRevision, revisions_of
from forum.models import Post
from moderation.access.errors import IsCurrentRevision, already_done
from moderation.posts.forms import HideRevisionForm
from moderation.posts.hide_revision import hide_revision, require_can_hide, show_revision


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def hide(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    try:
        require_can_hide(request.user, post, number)
    except IsCurrentRevision:
        return _edit_first(request, post)
    revision = _revision(request, post, number)
    form = HideRevisionForm(post_data(request), initial=preserved_input.pop(request))
    if revision.hidden or (request.method == "POST" and form.is_valid()):
        reason = "" if revision.hidden else form.cleaned_data["reason"]
        hidden = revision.hidden or hide_revision(post=post, number=number, by=request.user, reason=reason)
        if hidden.hidden_by_id == request.user.pk:
            words = _("Revision %(number)d is hidden. Only staff can see it.") % {"number": number}
            messages.success(request, words)
        else:
            messages.info(request, already_done(hidden.hidden_by, hidden.hidden_at))
        return redirect(post.url_for("history"))
    status = 422 if form.is_bound else 200
    shown = {"post": post, "revision": revision, "form": form}
    return render(request, "moderation/posts/hide_revision.html", shown, status=status)


@require_POST
@members_only
def show(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    show_revision(post=post, number=number, by=request.user)
    words = _("Revision %(number)d is visible again to everyone who can see the edit history.")
    messages.success(request, words % {"number": number})
    return redirect(post.url_for("history"))


def _revision(request: MemberRequest, post: Post, number: int) -> ShownRevision:
    revisions = revisions_of(post, to=request.user)
    found = next((one for one in revisions if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _edit_first(request: MemberRequest, post: Post) -> HttpResponse:
    return preserved_input.rejected_response(
        request,
        409,
        title=_("This is the current text of the post"),
        explanation=_("Edit the post first, then hide this revision."),
        back=(post.url_for("edit"), _("Edit post")),
    )
