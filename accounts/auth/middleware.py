"""Who asks, and what they bring along: their time zone, and whether staff's powers are awake."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.access import suspension as sanctioned
from accounts.auth import known_devices
from accounts.auth.sessions import member_of

Answer = Callable[[HttpRequest], HttpResponse]
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def who_asks(get_response: Answer) -> Answer:
    """Put the member into the request. Without a session cookie there is none, and the session is left alone, so
    that a guest's page stays the same for all guests."""

    def asked(request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        request.user = member_of(request) if has_session else AnonymousUser()
        response = get_response(request)
        known_devices.set_cookie(request, response)
        return response

    return asked


def time_zone(get_response: Answer) -> Answer:
    """Times are those of the person who reads; for guests those of the community."""

    def in_their_zone(request: HttpRequest) -> HttpResponse:
        with timezone.override(request.user.zone if request.user.is_authenticated else None):
            return get_response(request)

    return in_their_zone


def second_factor(get_response: Answer) -> Answer:
    """Where staff need a second factor, a moderator or admin without one reads and writes on as a member: every
    right of staff rests on `User.is_staff` and `is_admin`, and both are off until one is set up.
    accounts/access/decorators.py leads them there from the pages of staff."""

    def with_powers_asleep(request: HttpRequest) -> HttpResponse:
        member = request.user
        if settings.STAFF_NEED_SECOND_FACTOR and member.is_authenticated and member.is_staff:
            member.lacks_second_factor = not is_mfa_enabled(member, SECOND_FACTORS)
        return get_response(request)

    return with_powers_asleep


class Suspension:
    """Asked of every request once its address is known, before any view runs; accounts/access/suspension.py says
    what is open. The member's row was read with the session, so a suspension holds from the next request on."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if told := sanctioned.told_why_signed_out(request):
            return told
        member = request.user
        if not (member.is_authenticated and member.is_suspended) or sanctioned.is_open_to_suspended(request):
            return None
        return sanctioned.refuse_suspended(request, member)


class PlainAnswers:
    """allauth answers a wrong form with 200, and haste without saying how long to wait; Belfry does not."""

    def __init__(self, get_response: Answer) -> None:
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
