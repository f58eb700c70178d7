"""Nobody's text is lost: what was posted and could not be taken is shown again, and can be sent again.

`refuse` answers the POST. A guest gets a sign-in form that carries the text: `stash`, called by the sign-in
page, puts it into the session, where it outlives the second factor, and `take` gives it to the form page they
land on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from core.web.request_values import by_a_person

SESSION_KEY = "kept"
PATH_FIELD = "kept_path"
FIELD_PREFIX = "kept_"
# Room for the longest post with its title, reason and a version of it that is too long, not for a library.
CHARACTERS_MAX = 100_000
FIELDS_MAX = 130  # the rules of a community, all in one form
# What a field is called on the page that gives it back: the form that asked for it may be out of reach by then.
LABELS = {
    "about": "About you",
    "body": "Your text",
    "comment": "Your comment",
    "note": "Your note",
    "why": "Reason",
}
# Carried on, but nothing that a person wrote or would read.
HIDDEN = frozenset(
    {
        "accepts_rules",
        "alt",
        "attach_to",
        "attachment",
        "based_on",
        "draft",
        "look_first",
        "option",
        "place",
        "post",
        "rule",
        "rules_version",
        "section",
        "seen",
        "submission_key",
        "title_version",
        "title_was",
        "topic",
        "version",
        "waiting",
    }
    | {"poll_multiple", "poll_secret", "poll_days"}
    | {"begun", "remarks"}
)
# Neither shown nor carried: they belong to the one page that asks for them. So does all that speaks of a password.
SECRET = frozenset({"code", "credential", "csrfmiddlewaretoken", "login", "next"})


@dataclass(frozen=True)
class Field:
    name: str
    value: str

    @property
    def label(self) -> str:
        return LABELS.get(self.name) or self.name.replace("_", " ").capitalize()

    @property
    def rows(self) -> int:
        return min(max(self.value.count("\n") + 1, len(self.value) // 60 + 1, 2), 16)


def refuse(
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
    """The page that says what happened to a POST and gives its text back. With 503 it asks no database.

    `notice` is HTML that says more; `back` the address and the words of a link to where one came from.
    `is_opened_again`: only the form's own page asks for all of it; signing in here, or sending it again, is no help.
    """
    path, said, is_whole = _posted(request)
    fields = [Field(name, value) for name, value in said.items()]
    foreign = _is_foreign(request)
    fits = _fits(path, said) and not foreign
    offers_sign_in = fits and status == 403 and not request.user.is_authenticated and not is_opened_again
    # The same form once more makes sense where only the moment, or a token that went stale, was wrong.
    passing = status in (429, 503) or _token_was_refused(request)
    offers_again = fits and is_whole and passing and not offers_sign_in and not is_opened_again
    texts = [field for field in fields if field.name not in HIDDEN and field.value.strip()]
    response = render(
        None if status == 503 else request,  # what every page shows would ask the database
        "accounts/kept.html",
        {
            "csrf_token": get_token(request),
            # The same to the letter for what was never there and for what is hidden.
            "frame": "error_base.html" if status in (404, 503) else "base.html",
            "title": title,
            "explanation": explanation,
            "texts": texts,
            "carried": [field for field in fields if field not in texts],
            "path": path,
            "next": path if texts else where_from(request),
            "prefix": FIELD_PREFIX if offers_sign_in else "",
            "offers_sign_in": offers_sign_in,
            "offers_again": offers_again,
            "foreign": foreign,
            "notice": notice,
            "back": back,
        },
        status=status,
    )
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def stash(request: HttpRequest) -> None:
    """Put the fields that a sign-in form carried into the session. Call it only after the token was checked."""
    path, said = request.POST.get(PATH_FIELD, ""), _carried(request.POST)
    if said and _fits(path, said):
        keep(request, path=urlsplit(path).path, fields=said)


def keep(request: HttpRequest, *, path: str, fields: dict[str, str]) -> None:
    """Have the form at this path, as addresses spell it, begin with these values."""
    request.session[SESSION_KEY] = {"path": unquote(path), "fields": fields}


def typed(request: HttpRequest) -> dict[str, str]:
    """What a POST said, but for what no page may say again."""
    return {name: str(value) for name, value in request.POST.items() if not _is_secret(name)}


def take(request: HttpRequest) -> dict[str, str]:
    """The values kept for the form on this page, once; use them as its `initial`."""
    said = _kept_for(request)
    if said:
        messages.info(request, "Your text was not posted yet: send it now.")
    return said


def waiting(request: HttpRequest) -> dict[str, str]:
    """The same, left where they are."""
    # Without a cookie nothing is kept; and what is refused early has no session at all.
    if request.method != "GET" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {}
    of_session = getattr(request, "session", {}).get(SESSION_KEY, {})
    fields: dict[str, str] = of_session["fields"] if of_session.get("path") == request.path else {}
    return fields


def _kept_for(request: HttpRequest) -> dict[str, str]:
    said = waiting(request)
    if said and by_a_person(request):  # a page that is fetched beforehand may never be looked at
        del request.session[SESSION_KEY]
    return said


def has_text(request: HttpRequest) -> bool:
    """Did somebody write something that this POST brings, or that is kept for this page?"""
    said = _posted(request)[1] if request.method == "POST" else waiting(request)
    return any(value.strip() for name, value in said.items() if name not in HIDDEN)


def _posted(request: HttpRequest) -> tuple[str, dict[str, str], bool]:
    """Where the text was going, what it was, and whether that is all but the token. A sign-in form that carried
    text is asked for what it carried, and a form page for what it would have shown."""
    if request.method != "POST":  # it stays where it is: whoever loads the page again finds it again
        return request.get_full_path(), waiting(request), True
    if PATH_FIELD in request.POST:
        return request.POST[PATH_FIELD], _carried(request.POST), True
    said = typed(request)
    is_whole = all(len(values) == 1 for _, values in request.POST.lists())
    is_all = not asks_secrets(request)
    return request.get_full_path(), said, is_whole and is_all


def asks_secrets(request: HttpRequest) -> bool:
    """Does the form bring what no other page may say again, beside its token?"""
    return any(_is_secret(name) for name in request.POST if name != "csrfmiddlewaretoken")


def _carried(post: Mapping[str, str]) -> dict[str, str]:
    names = (name for name in post if name.startswith(FIELD_PREFIX) and name != PATH_FIELD)
    carried = {name.removeprefix(FIELD_PREFIX): post[name] for name in names}
    return {name: value for name, value in carried.items() if not _is_secret(name)}


def _is_secret(name: str) -> bool:
    return name in SECRET or "password" in name


def _fits(path: str, fields: Mapping[str, str]) -> bool:
    """Few and small enough to carry, and on the way to a page of ours."""
    if (
        len(fields) > FIELDS_MAX
        or sum(len(name) + len(value) for name, value in fields.items()) > CHARACTERS_MAX
    ):
        return False
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return False
    try:
        resolve(unquote(urlsplit(path).path))
    except (Resolver404, ValueError):
        return False
    return True


def where_from(request: HttpRequest) -> str:
    """The page to come back to when there is no text to take along; the sign-in page checks it once more."""
    referer = urlsplit(request.headers.get("Referer", ""))
    return request.POST.get("next") or (referer.path if referer.netloc == request.get_host() else "") or "/"


def _is_foreign(request: HttpRequest) -> bool:
    """Did another site send this? Its words are shown as such, and never offered to be sent as one's own."""
    if request.method != "POST":  # a link from anywhere may lead to a page
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    ours = [f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS]
    return origin is not None and origin not in ours


def _token_was_refused(request: HttpRequest) -> bool:
    return not getattr(request, "csrf_processing_done", False)
