from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.asking import MemberRequest, members_only
from accounts.pace import Pace
from accounts.rates import Limit, TooFast
from forum.models import Topic
from forum.suggesting import suggest

PACE = Pace(Limit("suggest", 120, 60))


@require_safe
@members_only
def members(request: MemberRequest) -> JsonResponse:
    """Names that begin with `?q=`, for whoever types one; `?topic=` is where it will stand."""
    try:
        PACE.spend(by=request.user)
    except TooFast as refusal:
        headers = {"Retry-After": str(refusal.retry_after)}
        return JsonResponse({"error": "too fast"}, status=429, headers=headers)
    found = suggest(request.GET.get("q", ""), topic=_asked_topic(request))
    return JsonResponse(
        {"members": [{"name": m.name, "initial": m.name[0].upper(), "hue": m.hue} for m in found]}
    )


def _asked_topic(request: HttpRequest) -> Topic | None:
    """One that is not theirs to see is as one that never was."""
    said = request.GET.get("topic", "")
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        return None
    return Topic.objects.visible_to(request.user).select_related("section").filter(pk=said).first()
