"""What browsers and search engines ask for by themselves: /favicon.ico and /robots.txt."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

# Where nothing is for them to read: what a member sees alone, forms, and what was there before.
CLOSED = (
    "/account/", "/attachments/", "/drafts/", "/inbox/", "/manage/", "/moderation/", "/preview/", "/reports/",
    "/saved/", "/suggest/", "/theme/", "/unread/", "/waiting/", "/p/*/edit/", "/p/*/quote/", "/p/*/report/",
    "/t/*/reply/", "/t/*/unread/", "/s/*/new/",
)  # fmt: skip
ROBOTS = "".join(["User-agent: *\n", *(f"Disallow: {path}\n" for path in CLOSED)])


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponseBase:
    """For what does not read the page that names the bell's drawing."""
    return FileResponse((settings.ROOT / "static/img/favicon.ico").open("rb"), content_type="image/x-icon")
