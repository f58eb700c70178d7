"""Middleware for the current member: who it is, their time zone, second factor and suspension."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.access import suspension
from accounts.access.restriction_messages import suspended_response
from accounts.auth import known_devices
from accounts.auth.sessions import member_of_session

GetResponse = Callable[[HttpRequest], HttpResponse]
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def current_member(get_response: GetResponse) -> GetResponse:
    """Sets `request.user`. The session of a request without a cookie is not touched, so that pages of guests can be
    shared."""

    def middleware(request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        request.user = member_of_session(request) if has_session else AnonymousUser()
        response = get_response(request)
        known_devices.set_cookie(request, response)
        return response

    return middleware


def time_zone(get_response: GetResponse) -> GetResponse:
    """Activates the time zone of the member, or of the community for guests."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with timezone.override(request.user.zone if request.user.is_authenticated else None):
            return get_response(request)

    return middleware


def require_second_factor(get_response: GetResponse) -> GetResponse:
    """If staff need a second factor, turns off the rights of moderators and admins without one: `User.is_staff` and
    `is_admin` are false until they set one up, and they can use the site as ordinary members.
    accounts/access/decorators.py redirects them to the set-up page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        member = request.user
        if settings.STAFF_NEED_SECOND_FACTOR and member.is_authenticated and member.is_staff:
            member.lacks_second_factor = not is_mfa_enabled(member, SECOND_FACTORS)
        return get_response(request)

    return middleware


class SuspensionMiddleware:
    """Rejects requests of suspended members before the view runs, unless accounts/access/suspension.py allows them.
    The member's row is read with the session, so a suspension takes effect with the next request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if response := suspension.response_after_suspension(request):
            return response
        member = request.user
        if not (member.is_authenticated and member.is_suspended) or suspension.is_allowed_while_suspended(
            request
        ):
            return None
        return suspended_response(request, member)


class ResponseStatusMiddleware:
    """Gives invalid forms of allauth the status 422 instead of 200, and its 429 responses a Retry-After."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", "60")
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 422
        return response
