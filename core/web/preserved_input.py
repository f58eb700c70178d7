"""Preserves input: what was posted and could not be accepted is shown again and can be sent again.

`rejected_response` returns the response to such a POST. A guest gets a sign-in form that contains the input. The
sign-in page calls `save_from_sign_in_form` to put it into the session, where it survives the second factor, and `pop`
returns it to the form page. The forms of the apps declare what this page must know of their fields (`Preserved`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from core.web.honeypot import HIDDEN_FIELD, SHOWN_AT_FIELD
from core.web.request_values import is_not_prefetch

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SESSION_KEY = "kept"
PATH_FIELD = "kept_path"
FIELD_PREFIX = "kept_"
# Enough for the longest post with its title and reason, and for one that is somewhat too long.
MAX_CHARACTERS = 100_000
MAX_FIELDS = 130  # the form with all rules needs this many


class Preserved(NamedTuple):
    """What a form says of its fields in its attribute `preserved`, for the page that does not know the form."""

    # The default is made from the name.
    labels: Mapping[str, "StrOrPromise"] = {}
    # Sent again but not shown, since no person wrote them. Fields with hidden widgets need not be named.
    unshown: tuple[str, ...] = ()
    # Neither shown nor sent again. Fields with "password" in their name need not be named.
    secret: tuple[str, ...] = ()


LABELS: dict[str, "StrOrPromise"] = {}
UNSHOWN = {HIDDEN_FIELD, SHOWN_AT_FIELD}
SECRET = {"csrfmiddlewaretoken", "login", "next"}  # `login` is in the sign-in form of the page


def register(*forms: type[Form]) -> None:
    """Registers the fields of these forms. Each app does this when it starts, in its AppConfig."""
    for form in forms:
        for base in reversed(form.__mro__):  # a form adds to what the forms that it extends declare
            declared: Preserved = vars(base).get("preserved", Preserved())
            LABELS.update(declared.labels)
            UNSHOWN.update(declared.unshown)
            SECRET.update(declared.secret)
        UNSHOWN.update(name for name, field in form.base_fields.items() if field.widget.is_hidden)


@dataclass(frozen=True)
class PreservedField:
    name: str
    value: str

    @property
    def label(self) -> str:
        label = LABELS.get(self.name)
        return str(label) if label else self.name.replace("_", " ").capitalize()

    @property
    def is_text(self) -> bool:
        return self.name not in UNSHOWN and bool(self.value.strip())

    @property
    def rows(self) -> int:
        return min(max(self.value.count("\n") + 1, len(self.value) // 60 + 1, 2), 16)


def rejected_response(
    request: HttpRequest,
    status: int,
    *,
    title: str,
    explanation: str,
    retry_after: int | None = None,
    notice: str = "",
    back: tuple[str, str] | None = None,
    is_opened_again: bool = False,
) -> HttpResponse:
    """Returns a page that explains why a POST was rejected and shows its input. With 503 it makes no query.
    `notice` is HTML with details; `back` is the address and text of a link back. `is_opened_again`: the user must open
    the form's own page, so neither signing in here nor sending again is offered.
    """
    path, values, is_complete = _input_of(request)
    fields = [PreservedField(name, value) for name, value in values.items()]
    texts = [field for field in fields if field.is_text]
    response = render(
        None if status == 503 else request,  # context processors would query the database
        "core/web/preserved_input.html",
        {
            "csrf_token": get_token(request),
            # Identical for what does not exist and for what is hidden.
            "frame": "error_base.html" if status in (404, 503) else "base.html",
            "title": title,
            "explanation": explanation,
            "texts": texts,
            "hidden_fields": [field for field in fields if not field.is_text],
            "path": path,
            "next": path if texts else return_path(request),
            "notice": notice,
            "back": back,
            **_offers(request, status, path, values, is_complete, is_opened_again),
        },
        status=status,
    )
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _offers(
    request: HttpRequest,
    status: int,
    path: str,
    fields: Mapping[str, str],
    is_complete: bool,
    is_opened_again: bool,
) -> dict[str, object]:
    """Returns whether the page offers to sign in, or to send the input again, for its template."""
    is_cross_site = _is_cross_site(request)
    can_send_again = _can_send_again(path, fields) and not is_cross_site and not is_opened_again
    offers_sign_in = can_send_again and status == 403 and not request.user.is_authenticated
    # Sending again helps after a temporary error or with a stale CSRF token.
    is_temporary = status in (429, 503) or _is_token_invalid(request)
    return {
        "is_cross_site": is_cross_site,
        "offers_sign_in": offers_sign_in,
        "offers_again": can_send_again and is_complete and is_temporary and not offers_sign_in,
        "prefix": FIELD_PREFIX if offers_sign_in else "",
    }


def save_from_sign_in_form(request: HttpRequest) -> None:
    """Saves the input in a sign-in form to the session. Call it only after the CSRF token was checked."""
    path, fields = request.POST.get(PATH_FIELD, ""), _fields_in_sign_in_form(request.POST)
    if fields and _can_send_again(path, fields):
        save_to_session(request, path=urlsplit(path).path, fields=fields)


def save_to_session(request: HttpRequest, *, path: str, fields: dict[str, str]) -> None:
    """Saves values with which the form at this path (as in a URL) will begin."""
    request.session[SESSION_KEY] = {"path": unquote(path), "fields": fields}


def posted_fields(request: HttpRequest) -> dict[str, str]:
    """Returns the fields of a POST without secrets."""
    return {name: str(value) for name, value in request.POST.items() if not _is_secret(name)}


def pop(request: HttpRequest) -> dict[str, str]:
    """Returns the values saved for the form on this page, once; use them as its `initial`."""
    fields = _pop_fields(request)
    if fields:
        messages.info(request, gettext("Your text hasn’t been sent yet. Send it now."))
    return fields


def saved_fields(request: HttpRequest) -> dict[str, str]:
    """Returns the same without removing them."""
    # Without a cookie nothing is saved; and a request rejected early has no session.
    if request.method != "GET" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {}
    saved = getattr(request, "session", {}).get(SESSION_KEY, {})
    fields: dict[str, str] = saved["fields"] if saved.get("path") == request.path else {}
    return fields


def _pop_fields(request: HttpRequest) -> dict[str, str]:
    fields = saved_fields(request)
    if fields and is_not_prefetch(request):  # a prefetched page may never be seen
        del request.session[SESSION_KEY]
    return fields


def has_text(request: HttpRequest) -> bool:
    """Does this POST contain text written by a person, or is any saved for this page?"""
    fields = _input_of(request)[1] if request.method == "POST" else saved_fields(request)
    return any(PreservedField(name, value).is_text for name, value in fields.items())


def _input_of(request: HttpRequest) -> tuple[str, dict[str, str], bool]:
    """Returns the path, the fields, and whether these are all fields but the CSRF token. For a sign-in form with input
    it is that input, and for a GET the input saved for the page."""
    if request.method != "POST":  # it stays in the session, for when the page is loaded again
        return request.get_full_path(), saved_fields(request), True
    if PATH_FIELD in request.POST:
        return request.POST[PATH_FIELD], _fields_in_sign_in_form(request.POST), True
    fields = posted_fields(request)
    is_complete = all(len(values) == 1 for _, values in request.POST.lists())
    has_all = not has_secrets(request)
    return request.get_full_path(), fields, is_complete and has_all


def has_secrets(request: HttpRequest) -> bool:
    """Does the form contain secrets other than its CSRF token?"""
    return any(_is_secret(name) for name in request.POST if name != "csrfmiddlewaretoken")


def _fields_in_sign_in_form(post: Mapping[str, str]) -> dict[str, str]:
    names = (name for name in post if name.startswith(FIELD_PREFIX) and name != PATH_FIELD)
    fields = {name.removeprefix(FIELD_PREFIX): post[name] for name in names}
    return {name: value for name, value in fields.items() if not _is_secret(name)}


def _is_secret(name: str) -> bool:
    return name in SECRET or "password" in name


def _can_send_again(path: str, fields: Mapping[str, str]) -> bool:
    """Are the fields few and small enough, and is the path one of this site?"""
    if (
        len(fields) > MAX_FIELDS
        or sum(len(name) + len(value) for name, value in fields.items()) > MAX_CHARACTERS
    ):
        return False
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return False
    try:
        resolve(unquote(urlsplit(path).path))
    except (Resolver404, ValueError):
        return False
    return True


def return_path(request: HttpRequest) -> str:
    """Returns the path to return to if there is no input; the sign-in page checks it again."""
    referer = urlsplit(request.headers.get("Referer", ""))
    return request.POST.get("next") or (referer.path if referer.netloc == request.get_host() else "") or "/"


def _is_cross_site(request: HttpRequest) -> bool:
    """Did another site send this? Its text is shown with a warning, and cannot be sent again."""
    if request.method != "POST":  # links from other sites are fine
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    own_origins = [f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS]
    return origin is not None and origin not in own_origins


def _is_token_invalid(request: HttpRequest) -> bool:
    return not getattr(request, "csrf_processing_done", False)
