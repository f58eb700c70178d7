"""The theme: light, dark or system, in a cookie, also for guests."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access.suspension import open_while_suspended

THEMES = {"system": _("System"), "light": _("Light"), "dark": _("Dark")}
A_YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> str:
    said = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return said if said in THEMES else "system"


@open_while_suspended
@csrf_exempt  # a token would make guests' pages personal; another site could only change the theme
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer = redirect(back if is_ours else "/")
    said = request.POST.get("theme", "")
    if said in THEMES:
        answer.set_cookie(
            settings.THEME_COOKIE_NAME,
            said,
            max_age=A_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
            httponly=True,
        )
    return answer
