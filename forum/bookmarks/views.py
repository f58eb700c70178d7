"""A member's bookmarks."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only
from core.web.form_pages import form_for, form_page
from core.web.keyset_pagination import id_in_query, newest_first
from forum.access.lookup import readable_post
from forum.bookmarks import bookmark as bookmarks_bookmark
from forum.bookmarks.forms import NoteForm
from forum.models import Bookmark, Post
from forum.web.act_done import ActionDone

REMOVED = _("Bookmark removed.")


@require_safe
@members_only
def bookmarks(request: MemberRequest) -> HttpResponse:
    rows = Bookmark.objects.of(request.user).select_related("post__author", "post__topic")
    page = newest_first(rows, before=id_in_query(request, "before"))
    return render(request, "forum/bookmarks/bookmarks.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def add_bookmark(request: MemberRequest, pk: int) -> HttpResponse:
    """Bookmarks a post. The button on a topic page sends no note and keeps the existing one."""
    post = readable_post(request.user, pk)
    existing = Bookmark.objects.filter(member=request.user, post=post).first()
    form = form_for(request, NoteForm, initial={"note": existing.note if existing else ""})
    if form.is_valid():
        note = form.cleaned_data["note"] if "note" in request.POST else None
        bookmarks_bookmark.add_bookmark(post=post, by=request.user, note=note)
        if note is None:
            return ActionDone(post.actions_url, subject=post, announcement=gettext("Bookmark added."))
        messages.success(request, gettext("Bookmark saved."))
        return redirect("forum:saved")
    return form_page(request, "forum/bookmarks/bookmark.html", form, post=post, existing=existing)


@require_POST
@members_only
def remove_bookmark(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes a bookmark, also of a post that the member can no longer read. Other unreadable posts give a 404."""
    is_removed = bookmarks_bookmark.remove_bookmark(post=pk, by=request.user)
    readable = Post.objects.visible_to(request.user).select_related("topic", "author").filter(pk=pk).first()
    if not is_removed and readable is None:
        raise Http404
    if readable and "from_list" not in request.POST:
        return ActionDone(readable.actions_url, subject=readable, announcement=str(REMOVED))
    messages.success(request, str(REMOVED))
    return redirect("forum:saved")
