"""What suspended and silenced members may do, and what happens to the sessions of suspended ones.

Suspended members may sign out, use the views marked with `open_while_suspended`, and read what guests can read. Every
other view rejects them, so a new view is open to them only if it is marked. (tests/site/test_suspended.py lists all.)
"""

from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access.decorators import View
from accounts.access.restriction_messages import restriction_notice, suspended_response
from accounts.models import Sanction, Session, User
from core.web.request_values import wants_json

SUSPENDED_MEMBER_KEY = "ended_for"  # key in a session that a suspension ended: the id of its member


def open_while_suspended(view: View) -> View:
    """A decorator: suspended members can use the view."""
    view.is_open_while_suspended = True  # type: ignore[attr-defined]
    return view


def is_allowed_while_suspended(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    if match.view_name == "account_logout" or _is_open_while_suspended(match.func):
        return True
    return request.method in ("GET", "HEAD") and _is_open_to_guests(match.func)


def _is_open_while_suspended(view: View) -> bool:
    return getattr(view, "is_open_while_suspended", False)


def _is_open_to_guests(view: object) -> bool:
    """Is the view open to guests? Views for members are marked by their decorator; allauth's are account settings."""
    if getattr(view, "is_for_members", False):
        return False
    return not getattr(view, "__module__", "").startswith("allauth")


def sign_out_everywhere(member: User) -> None:
    """Signs the member out everywhere. What remains of each session is used once, to tell them why."""
    session_data = Session.get_session_store_class()().encode({SUSPENDED_MEMBER_KEY: member.pk})
    Session.objects.filter(member=member).update(member=None, session_data=session_data)


def response_after_suspension(request: HttpRequest) -> HttpResponse | None:
    """Returns the response to the first request after a suspension ended the session: a redirect to the sign-in page,
    which says why, or for a form a page that preserves its input. Returns None for everyone else."""
    match = request.resolver_match
    if _is_script_request(request) or (match and match.view_name == "account_login"):
        return None
    if match and _is_open_while_suspended(match.func) and _is_open_to_guests(match.func):
        return None
    if not (member := _suspended_member_of(request)):
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    del request.session[SUSPENDED_MEMBER_KEY]
    return suspended_response(request, member)


def pop_suspension_notice(request: HttpRequest) -> str:
    """Returns the reason for a suspension as HTML for the sign-in page, once."""
    member = _suspended_member_of(request)
    return (
        restriction_notice(member, Sanction.Kind.SUSPENSION)
        if member and request.session.pop(SUSPENDED_MEMBER_KEY)
        else ""
    )


def _suspended_member_of(request: HttpRequest) -> User | None:
    """Returns the suspended member whose session was ended, if they are still suspended."""
    # Do not touch the session of a request without a cookie: pages of guests are shared.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.user.is_authenticated:
        return None
    if SUSPENDED_MEMBER_KEY not in request.session:
        return None
    return User.objects.filter(
        pk=request.session[SUSPENDED_MEMBER_KEY], suspended_until__gt=timezone.now()
    ).first()


def _is_script_request(request: HttpRequest) -> bool:
    """Does a script make this request (such as saving a draft)? Nobody would see the response."""
    return wants_json(request) or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def require_not_silenced(by: User) -> None:
    """Raises PermissionDenied for silenced members, who may not change what others can read about them."""
    if by.is_silenced:
        raise PermissionDenied
