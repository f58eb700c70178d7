"""Who may open a page at all: decorators for views. Finer rights are sentences in each app's permissions.

A guest is asked to sign in: a GET leads there and back again, a POST is answered with a page that keeps the
text. Pages that belong to staff or admins are, for every other member, not there.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access.roles import NotAnAdmin
from accounts.models import User
from core.web import preserved_input as kept

View = Callable[..., HttpResponse]


class MemberRequest(HttpRequest):
    """What a view gets that one of these decorators guards: somebody is signed in."""

    user: User


def members_only(view: View) -> View:
    return _only(view, lambda member: True)


def staff_only(view: View) -> View:
    return _only(view, lambda member: member.is_staff)


def admins_only(view: View) -> View:
    return _only(view, lambda member: member.is_admin)


def _only(view: View, may: Callable[[User], bool]) -> View:
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if may(request.user):
            return _served(view, request, *args, **kwargs)
        if request.user.lacks_second_factor:
            return _ask_for_second_factor(request)
        raise Http404

    # Asked when a token is missing: config/availability/error_pages.py
    asked.is_for_members = True  # type: ignore[attr-defined]
    return asked


def _served(view: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except NotAnAdmin:
        return kept.refuse(
            request,
            403,
            title="You are no admin any more",
            explanation="Another admin changed your role.",
        )


def ask_to_sign_in_or_refuse(request: HttpRequest) -> HttpResponse:
    """For a page that guests may see in one place and not in another."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return _ask_to_sign_in(request)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    return kept.refuse(
        request,
        403,
        title="Please sign in first",
        explanation="You are not signed in, or not any more. Nothing was sent.",
    )


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """Staff whose powers are asleep; whether this page is theirs shows once they are awake."""
    messages.warning(request, "This community asks its staff for a second factor. Set one up to go on.")
    return redirect("mfa_index")


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields of a POST, be they none; nothing for a GET."""
    return request.POST if request.method == "POST" else None
