"""All addresses of Belfry, and the pages for when something did not go."""

from django.urls import include, path

from accounts.views import pictures
from config import for_machines, health, theme
from forum import converters  # noqa: F401 - registers <key:>

urlpatterns = [
    path("livez", health.live, name="livez"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", for_machines.robots, name="robots"),
    path("favicon.ico", for_machines.favicon, name="favicon"),
    path("theme/", theme.choose, name="theme"),
    path("picture/<key:key>/<int:side>/", pictures.shown, name="picture"),
    path("account/", include("accounts.urls")),
    path("manage/", include("accounts.manage_urls")),
    path("manage/", include("forum.manage_urls")),
    path("", include("accounts.house_urls")),
    path("inbox/", include("notifications.urls")),
    path("", include("moderation.urls")),
    path("", include("forum.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
