"""Sign-in forms with a stale CSRF token: the page was open in two tabs, and the other tab was used first."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from django.http import HttpRequest

from core.web.preserved_input import PATH_FIELD, has_secrets, has_text

SIGN_IN_VIEWS = frozenset(
    {
        "account_login",
        "account_signup",
        "account_email_verification_sent",
        "account_confirm_login_code",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)
RESET_VIEWS = frozenset(
    {
        "account_reset_password",
        "account_confirm_password_reset_code",
        "account_complete_password_reset",
    }
)


def redirect_if_done(request: HttpRequest) -> str:
    """Returns where to redirect if another tab has already done what the form asks for, or ""."""
    name = _view_name(request)
    if (
        name == "account_logout"
        and "csrfmiddlewaretoken" in request.POST
        and not request.user.is_authenticated
    ):
        return get_next_redirect_url(request) or get_adapter().get_logout_redirect_url(request)
    brings_text = PATH_FIELD in request.POST and has_text(request)
    if name in SIGN_IN_VIEWS and request.user.is_authenticated and not brings_text:
        return get_login_redirect_url(request)
    return ""


def must_reopen(request: HttpRequest) -> bool:
    """Must the user open the form's own page again? (A sign-in form can be shown on any page.)"""
    if not request.user.is_authenticated:
        return _view_name(request) in (SIGN_IN_VIEWS | RESET_VIEWS) - {"account_login"}
    view = request.resolver_match.func if request.resolver_match else None
    is_of_account = getattr(view, "__module__", "").startswith(("allauth", "accounts.auth.views"))
    return is_of_account and has_secrets(request) and PATH_FIELD not in request.POST


def _view_name(request: HttpRequest) -> str:
    return (request.resolver_match and request.resolver_match.view_name) or ""
