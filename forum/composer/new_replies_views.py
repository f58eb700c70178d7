"""Replies that were posted while the reader was writing."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access.decorators import MemberRequest, members_only
from core.web.request_values import wants_json
from forum.composer import new_replies
from forum.composer.composer import to_number
from forum.models import Topic


@require_safe
@members_only
def new_replies_since(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Shows the replies after the position `?seen=`. A script gets their number."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    seen = to_number(request.GET.get("seen", ""))
    if wants_json(request):
        return JsonResponse({"replies": new_replies.count(topic, since=seen, reader=request.user)})
    replies = new_replies.new_replies(topic, since=seen, reader=request.user)
    return render(request, "forum/composer/new_replies_page.html", {"topic": topic, "replies": replies})
