from django.http import JsonResponse
from django.views.decorators.http import require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.rate_limiting.in_memory import InMemoryLimit
from accounts.rate_limiting.rate_counter import Limit, RateLimitExceeded
from core.text import graphemes
from forum.composer.contexts import find_context
from forum.mentions.suggest import suggest

RATE = InMemoryLimit(Limit("suggest", 120, 60))


@require_safe
@members_only
def suggest_members(request: MemberRequest) -> JsonResponse:
    """Returns names that begin with `?q=`. `?place=` is the draft key of the composer; one that the person may not see
    is ignored."""
    try:
        RATE.spend(by=request.user)
    except RateLimitExceeded as error:
        headers = {"Retry-After": str(error.retry_after)}
        return JsonResponse({"error": "too fast"}, status=429, headers=headers)
    context = find_context(request.user, request.GET.get("place", ""))
    members = suggest(
        request.GET.get("q", ""),
        section=context.section if context else None,
        topic=context.topic if context else None,
    )
    return JsonResponse(
        {
            "members": [
                {
                    "name": member.name,
                    "initial": graphemes.first_grapheme(member.name).upper(),
                    "hue": member.avatar_color,
                }
                for member in members
            ]
        }
    )
