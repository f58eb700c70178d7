from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.asking import MemberRequest, members_only, posted
from accounts.models import Person
from forum import editing, history, permissions, versions
from forum.answers import answering_refusals
from forum.diffing import word_diff
from forum.forms import EditForm
from forum.models import Post, Topic
from forum.refusals import EditConflict


def visible_post(person: Person, pk: int) -> Post:
    """A post whose place this person may see; its text may still be a tombstone to them."""
    placed = Post.objects.filter(topic__in=Topic.objects.visible_to(person).values("pk"))
    return get_object_or_404(placed.with_marks().with_topic(), pk=pk)


def readable_post(person: Person, pk: int) -> Post:
    """A post whose text this person may read."""
    return get_object_or_404(Post.objects.visible_to(person).with_marks().with_topic(), pk=pk)


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    post = visible_post(request.user, pk)
    page = f"?page={post.page}" if post.page > 1 else ""
    return redirect(f"{post.topic.get_absolute_url()}{page}#p{post.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@answering_refusals
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    editing.require_may_edit(request.user, post)
    form = EditForm(
        posted(request),
        initial={"body": post.body, "version": post.version, **kept.take(request)},
        reason_required=permissions.edit_needs_reason(request.user, post),
    )
    if request.method == "POST" and form.is_valid():
        try:
            edited = editing.edit_post(post=post, by=request.user, **form.cleaned_data)
        except EditConflict as conflict:
            return _conflict(request, conflict.post, form)
        messages.success(request, "Your changes are saved.")
        return redirect(edited)
    status = 422 if form.is_bound else 200
    return render(request, "forum/edit.html", {"post": post, "form": form}, status=status)


def _conflict(request: MemberRequest, current: Post, form: EditForm) -> HttpResponse:
    """Both texts and what differs between them; sending the form again starts from what stands now."""
    yours = form.cleaned_data["body"]
    form.restart_from(current.version)
    shown = {"post": current, "form": form, "yours": yours, "pieces": word_diff(current.body, yours)}
    return render(request, "forum/edit_conflict.html", shown, status=409)


@require_safe
def history_of(request: HttpRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    if not permissions.can_read_history(request.user, post):
        raise PermissionDenied
    revisions = history.revisions_of(post)
    older, newer = _asked_revisions(request, len(revisions))
    comparison = None
    if len(revisions) > 1:
        comparison = history.compare(revisions, older, newer, reader=request.user)
    page = render(
        request,
        "forum/history.html",
        {
            "post": post,
            "revisions": revisions[::-1],
            "title_changes": history.title_changes_of(post)[::-1],
            "comparison": comparison,
        },
    )
    if not 1 <= older < newer <= len(revisions) > 1:
        return page  # an address that Belfry writes nowhere: one of millions that show the same
    return versions.rest(page, comparison.stamp if comparison else {}, versions.of_topic(post.topic))


def _asked_revisions(request: HttpRequest, newest: int) -> tuple[int, int]:
    """`?from=` and `?to=`; without them the latest change."""
    older, newer = request.GET.get("from", str(newest - 1)), request.GET.get("to", str(newest))
    if not all(said.isascii() and said.isdigit() and len(said) < 10 for said in (older, newer)):
        raise BadRequest("a revision is a number")
    return int(older), int(newer)
