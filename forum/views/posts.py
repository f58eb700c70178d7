from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.asking import MemberRequest, members_only, posted
from forum import editing, history, permissions, versions
from forum.answers import answering_refusals
from forum.diffing import word_diff
from forum.forms import EditForm
from forum.models import Post, Topic
from forum.models.post import PostQuerySet
from forum.models.section import Person
from forum.refusals import EditConflict, TopicIsClosed


def visible_post(person: Person, pk: int) -> Post:
    """A post whose place this person may see; its text may still be a tombstone to them."""
    return _post_in_topic(Post.objects.filter(topic__in=Topic.objects.visible_to(person).values("pk")), pk)


def readable_post(person: Person, pk: int) -> Post:
    """A post whose text this person may read."""
    return _post_in_topic(Post.objects.visible_to(person), pk)


def _post_in_topic(posts: PostQuerySet, pk: int) -> Post:
    """The topic is read first: a page may be newer than the version it carries, never older."""
    topic = get_object_or_404(Topic.objects.with_state(), posts=pk)
    post = get_object_or_404(posts.with_marks(), pk=pk)
    post.topic = topic
    return post


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
    if not permissions.can_edit(request.user, post):
        if post.topic.is_closed and post.author_id == request.user.pk:
            raise TopicIsClosed(post.topic)
        raise PermissionDenied
    form = EditForm(
        posted(request),
        initial={"body": post.body, "version": post.version, **kept.take(request)},
        reason_required=permissions.edit_needs_reason(request.user, post),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(editing.edit_post(post=post, by=request.user, **form.cleaned_data))
        except EditConflict as conflict:
            return _conflict(request, conflict.post, form)
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
    page = render(
        request,
        "forum/history.html",
        {
            "post": post,
            "revisions": revisions[::-1],
            "title_changes": history.title_changes_of(post)[::-1],
            "comparison": history.compare(revisions, older, newer) if len(revisions) > 1 else None,
        },
    )
    if not 1 <= older < newer <= len(revisions) > 1:
        return page  # an address that Belfry writes nowhere: one of millions that show the same
    return versions.rest(page, versions.of_topic(post.topic))


def _asked_revisions(request: HttpRequest, newest: int) -> tuple[int, int]:
    """`?from=` and `?to=`; without them the latest change."""
    older, newer = request.GET.get("from", str(newest - 1)), request.GET.get("to", str(newest))
    if not all(said.isascii() and said.isdigit() and len(said) < 10 for said in (older, newer)):
        raise BadRequest("a revision is a number")
    return int(older), int(newer)
