from base64 import b64decode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.decorators import MemberRequest, members_only
from core.web.keyset_pagination import row_in_query, row_key
from core.web.request_values import is_not_prefetch, is_number
from core.web.times import from_microseconds, to_microseconds
from forum.models import Topic
from forum.models.page_sizes import TOPICS_PER_PAGE
from forum.models.topic import page_of
from forum.read_state import mark_all, unread as read_state_unread
from forum.read_state.unread_topics import unread_topics

# An image of one transparent pixel.
TRANSPARENT_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@require_safe
@members_only
def first_unread(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Redirects to the first unread post, or to the newest post if everything is read."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    position = read_state_unread.first_unread(request.user, topic)
    post = get_object_or_404(topic.posts.only("pk"), position=position)
    page = f"?page={page_of(position)}" if page_of(position) > 1 else ""
    response = redirect(f"{topic.get_absolute_url()}{page}#p{post.pk}")
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def read(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Records how far a member has read in a topic. A script reports it as they scroll; without scripts the page
    contains an image with this URL. It is the only GET that writes; another site gains nothing from triggering it."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    params = request.POST if request.method == "POST" else request.GET
    to, at = params.get("to", ""), from_microseconds(params.get("at", ""))
    if not is_number(to, digits=9) or at is None:
        raise BadRequest("`to` must be a position and `at` a time")
    if request.method != "HEAD" and is_not_prefetch(request):
        as_of = min(at, timezone.now())
        read_state_unread.mark_read(
            topic=topic, by=request.user, to=int(to), as_of=as_of, has_changed=bool(params.get("changed"))
        )
    if request.method == "POST":
        return HttpResponse(status=204)
    return HttpResponse(TRANSPARENT_GIF, content_type="image/gif")


@require_safe
@members_only
def unread(request: MemberRequest) -> HttpResponse:
    """Topics with unread posts, newest first. Further pages continue after the last row."""
    until = mark_all.latest_settled_time()  # before the list is read: what comes later stays unread
    queryset = unread_topics(request.user).for_list().latest_first()
    after = row_in_query(request, "after")
    if after:
        at, pk = after
        queryset = queryset.filter(Q(last_post_at__lt=at) | Q(last_post_at=at, pk__lt=pk))
    topics = list(queryset[: TOPICS_PER_PAGE + 1])
    shown = topics[:TOPICS_PER_PAGE]
    (rows,) = read_state_unread.rows_for(request.user, shown)
    return render(
        request,
        "forum/read_state/unread.html",
        {
            "topics": rows,
            "is_first": after is None,
            "after": row_key(shown[-1].last_post_at, shown[-1].pk) if len(topics) > TOPICS_PER_PAGE else None,
            "until": to_microseconds(until),
        },
    )


@require_POST
@members_only
def mark_all_read(request: MemberRequest) -> HttpResponse:
    given = request.POST.get("until", "")
    until = from_microseconds(given)
    if given and until is None:
        raise BadRequest("`until` must be a time")
    mark_all.mark_all_read(by=request.user, until=until)
    messages.success(request, _("Everything is marked as read."))
    return redirect("forum:unread")
