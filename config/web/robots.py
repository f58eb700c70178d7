"""Files that browsers and search engines request by themselves: /favicon.ico and /robots.txt."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

# Nothing for crawlers: members' own pages, and forms.
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
    """For clients that don't read the icon's link in the page."""
    return FileResponse((settings.ROOT / "static/img/favicon.ico").open("rb"), content_type="image/x-icon")
