"""The edit history of a post."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access.decorators import require_sign_in_or_deny
from core.web.request_values import is_number
from core.web.times import from_microseconds
from forum.access import permissions
from forum.access.lookup import readable_post
from forum.history import revisions as history_revisions
from forum.history.changes_since import revision_at, url_since_revision
from forum.history.revisions import ShownRevision
from forum.models import Post
from forum.web.page_versions import cache_with, of_topic


@require_safe
def edit_history(request: HttpRequest, pk: int) -> HttpResponse:
    post = readable_post(request.user, pk)
    if not permissions.can_read_history(request.user, post):
        return require_sign_in_or_deny(request)
    revisions = history_revisions.revisions_of(post, to=request.user)
    if "since" in request.GET:
        return _redirect_to_changes(request.GET["since"], post, revisions)
    older, newer = _requested_revisions(request, revisions)
    comparison = None
    if len(revisions) > 1:
        comparison = history_revisions.compare(revisions, older, newer, reader=request.user)
    page = render(
        request,
        "forum/history/history.html",
        {
            "post": post,
            "revisions": revisions[::-1],
            "title_changes": history_revisions.title_changes_of(post)[::-1],
            "comparison": comparison,
            "may_hide": permissions.can_hide_revision(request.user, post),
        },
    )
    if not 1 <= older < newer <= len(revisions) > 1:
        return page  # Belfry links to no such URL, and millions of them show the same
    return cache_with(page, comparison.dependencies if comparison else {}, of_topic(post.topic))


def _requested_revisions(request: HttpRequest, revisions: list[ShownRevision]) -> tuple[int, int]:
    """Returns `?from=` and `?to=`, or the latest change without them."""
    from_, to = history_revisions.latest_change(revisions)
    older, newer = request.GET.get("from", str(from_)), request.GET.get("to", str(to))
    if not all(is_number(number, digits=9) for number in (older, newer)):
        raise BadRequest("from, to: not numbers")
    return int(older), int(newer)


def _redirect_to_changes(since: str, post: Post, revisions: list[ShownRevision]) -> HttpResponse:
    """Redirects `?since=` to the comparison of the revision at that time with the current one."""
    time = from_microseconds(since)
    if time is None:
        raise BadRequest("since: not a number")
    return redirect(url_since_revision(post, revision_at(revisions, time)))
