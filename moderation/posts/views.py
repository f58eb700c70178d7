"""Pages on which staff highlight, remove and restore posts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import form_for, form_page
from forum.access import permissions
from forum.access.errors import EditConflict
from forum.access.lookup import readable_post
from forum.access.require import require
from forum.models import Post
from moderation.posts.forms import HighlightForm, RemoveForm
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post, require_can_remove, restore_post
from moderation.web.feedback import show_outcome


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def highlight(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    require(permissions.can_highlight(request.user, post))
    if request.method != "POST":
        return _show_highlight(request, post)
    form = HighlightForm(request.POST)
    if not form.is_valid():
        return _show_highlight(request, post, status=422)
    try:
        highlight_post(post=post, by=request.user, **form.cleaned_data)
    except EditConflict:
        return _show_highlight(request, readable_post(request.user, pk), status=409)
    messages.success(request, _("The post is highlighted."))
    return redirect(post)


def _show_highlight(request: MemberRequest, post: Post, *, status: int = 200) -> HttpResponse:
    return render(request, "moderation/posts/highlight.html", {"post": post, "status": status}, status=status)


@require_POST
@members_only
def unhighlight(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    is_done = unhighlight_post(post=post, by=request.user)
    show_outcome(request, is_done, _("The highlight was removed."), post, "unhighlight")
    return redirect(post)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    if post.is_removed and not permissions.can_remove(request.user, post):
        if request.method == "POST":
            show_outcome(request, False, "", post, "remove")
        return redirect(post)
    require_can_remove(request.user, post)
    reason_required = not permissions.can_delete_own_post(request.user, post)
    form = form_for(request, RemoveForm, reason_required=reason_required)
    if form.is_valid():
        remove_post(post=post, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("The post was removed. A placeholder stays in the topic, and it can be restored.")
        )
        return redirect(post)
    return form_page(request, "moderation/posts/remove.html", form, post=post)


@require_POST
@members_only
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    is_done = restore_post(post=post, by=request.user)
    show_outcome(request, is_done, _("The post was restored."), post, "restore")
    return redirect(post)
