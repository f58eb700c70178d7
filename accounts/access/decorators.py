"""Decorators that say who may open a view. Finer rights are in each app's permissions.

Guests are asked to sign in: a GET redirects to the sign-in page and back, a POST gets a page that preserves the
input. For other members, pages of staff and admins respond with 404.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.web.preserved_input import rejected_response

View = Callable[..., HttpResponse]


class MemberRequest(HttpRequest):
    """The request of a view with one of these decorators: the user is signed in."""

    user: User


def members_only(view: View) -> View:
    return _require(view, lambda member: True)


def staff_only(view: View) -> View:
    return _require(view, lambda member: member.is_staff)


def admins_only(view: View) -> View:
    return _require(view, lambda member: member.is_admin)


def _require(view: View, may: Callable[[User], bool]) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in_response(request)
        if may(request.user):
            return view(request, *args, **kwargs)
        if request.user.lacks_second_factor:
            return _redirect_to_second_factor(request)
        raise Http404

    # Read by config/availability/error_pages.py when a CSRF token is missing.
    wrapper.is_for_members = True  # type: ignore[attr-defined]
    return wrapper


def require_sign_in_or_deny(request: HttpRequest) -> HttpResponse:
    """Returns the redirect to sign-in for a guest; raises PermissionDenied for a member."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return _sign_in_response(request)


def _sign_in_response(request: HttpRequest) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    return rejected_response(
        request,
        403,
        title=_("Please sign in"),
        explanation=_("You’re not signed in, so nothing was sent."),
    )


def _redirect_to_second_factor(request: HttpRequest) -> HttpResponse:
    """Redirects staff without a second factor, whose rights are off, to the page that sets one up."""
    messages.warning(request, _("Staff need two-factor authentication. Set it up to continue."))
    return redirect("mfa_index")
