from django.http import JsonResponse
from django.views.decorators.http import require_safe

from accounts import graphemes
from accounts.asking import MemberRequest, members_only
from accounts.pace import Pace
from accounts.rates import Limit, TooFast
from forum.places import find
from forum.suggesting import suggest

PACE = Pace(Limit("suggest", 120, 60))


@require_safe
@members_only
def members(request: MemberRequest) -> JsonResponse:
    """Names that begin with `?q=`, for whoever types one; `?place=` is where it will stand: one that is not theirs to
    see is as one that never was."""
    try:
        PACE.spend(by=request.user)
    except TooFast as refusal:
        headers = {"Retry-After": str(refusal.retry_after)}
        return JsonResponse({"error": "too fast"}, status=429, headers=headers)
    place = find(request.user, request.GET.get("place", ""))
    found = suggest(
        request.GET.get("q", ""),
        section=place.section if place else None,
        topic=place.topic if place else None,
    )
    return JsonResponse(
        {
            "members": [
                {"name": m.name, "initial": graphemes.first(m.name).upper(), "hue": m.hue} for m in found
            ]
        }
    )
