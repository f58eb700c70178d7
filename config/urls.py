"""All URLs of Belfry, and the error pages."""

from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from accounts.profile import picture_views
from config.availability import health
from config.web import robots as web_robots, theme
from forum.web import url_converters  # noqa: F401 - registers <key:>

urlpatterns = [
    path("livez", health.live, name="livez"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", web_robots.robots, name="robots"),
    path("favicon.ico", web_robots.favicon, name="favicon"),
    path("javascript-catalog/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("theme/", theme.choose, name="theme"),
    path("picture/<key:key>/<int:side>/", picture_views.serve, name="picture"),
    path("account/", include("accounts.urls")),
    path("manage/", include("accounts.admin_urls")),
    path("manage/", include("forum.admin_urls")),
    path("", include("accounts.community_urls")),
    path("inbox/", include("notifications.urls")),
    path("", include("moderation.urls")),
    path("", include("forum.urls")),
]

handler400 = "config.availability.error_pages.bad_request"
handler403 = "config.availability.error_pages.permission_denied"
handler404 = "config.availability.error_pages.page_not_found"
handler500 = "config.availability.error_pages.server_error"
