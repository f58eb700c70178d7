"""A member's bookmarks."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only, posted
from core.web import preserved_input as kept
from core.web.keyset_pagination import asked_id, newest_first
from forum.access.lookup import readable_post
from forum.bookmarks import bookmark as saving
from forum.bookmarks.forms import NoteForm
from forum.models import Post, SavedPost
from forum.web.act_done import ActDone

OFF_THE_LIST = _("Bookmark removed.")


@require_safe
@members_only
def saved_posts(request: MemberRequest) -> HttpResponse:
    rows = SavedPost.objects.of(request.user).select_related("post__author", "post__topic")
    page = newest_first(rows, before=asked_id(request, "before"))
    return render(request, "forum/saved.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def save(request: MemberRequest, pk: int) -> HttpResponse:
    """Bookmarks a post. The button on a topic page sends no note and keeps the existing one."""
    post = readable_post(request.user, pk)
    there = SavedPost.objects.filter(member=request.user, post=post).first()
    form = NoteForm(posted(request), initial={"note": there.note if there else "", **kept.take(request)})
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"] if "note" in request.POST else None
        saving.save_post(post=post, by=request.user, note=note)
        if note is None:
            return ActDone(post.acts_url, subject=post, told=gettext("Bookmark added."))
        messages.success(request, gettext("Bookmark saved."))
        return redirect("forum:saved")
    status = 422 if form.is_bound else 200
    return render(request, "forum/save.html", {"post": post, "form": form, "there": there}, status=status)


@require_POST
@members_only
def unsave(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes a bookmark, also of a post that the member can no longer read. Other unreadable posts give a 404."""
    taken = saving.unsave_post(post=pk, by=request.user)
    readable = Post.objects.visible_to(request.user).select_related("topic", "author").filter(pk=pk).first()
    if not taken and readable is None:
        raise Http404
    if readable and "from_list" not in request.POST:
        return ActDone(readable.acts_url, subject=readable, told=str(OFF_THE_LIST))
    messages.success(request, str(OFF_THE_LIST))
    return redirect("forum:saved")
