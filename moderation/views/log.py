from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.asking import MemberRequest, staff_only
from accounts.keyset import asked_id, newest_first
from moderation import logbook


@require_safe
@staff_only
def log(request: MemberRequest) -> HttpResponse:
    """What staff did, newest first; `?act=`, `?by=` and `?topic=` narrow it."""
    act, by = request.GET.get("act", ""), request.GET.get("by", "").strip()
    topic = asked_id(request, "topic") if request.GET.get("topic") else None  # the form sends it empty too
    entries = logbook.entries_for(request.user, act=act, by=by, topic=topic)
    return render(
        request,
        "moderation/log.html",
        {
            "page": newest_first(entries, before=asked_id(request, "before")),
            "acts": logbook.ACTS,
            "asked": {"act": act, "by": by, "topic": topic or ""},
        },
    )
