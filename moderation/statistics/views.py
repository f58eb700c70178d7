from datetime import date, datetime

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.statistics import transparency_page


@require_safe
def by_month(request: HttpRequest) -> HttpResponse:
    """The public transparency report. `?before=2026-11` shows the months before that one."""
    page = transparency_page.months(_requested_month(request))
    return render(
        request,
        "moderation/statistics/transparency.html",
        {"page": page, "fewest": transparency_page.SMALLEST_SHOWN},
    )


def _requested_month(request: HttpRequest) -> date | None:
    text = request.GET.get("before")
    if text is None:
        return None
    try:
        month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise BadRequest("before is not a month") from None
    if not 2000 <= month.year <= 9000:
        raise BadRequest("before is not a month of this community")
    return month
