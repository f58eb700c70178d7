"""What somebody is answered who is suspended or silenced: until when, why, and what can be done about it.

Who is suspended may do what stands in OPEN_TO_SUSPENDED and read what guests read. Everything else is refused, what
nobody has thought of yet included: a new address is open to them only by being named here."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts import kept
from accounts.models import Person, Sanction, User

# What they were told, their own appeal, the way out; and the colours of the page, which is nobody's business.
OPEN_TO_SUSPENDED = frozenset({"account_logout", "account_standing", "moderation:appeal", "theme"})
OPEN_BELOW = ("inbox/",)


def is_open_to_suspended(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    if match.view_name in OPEN_TO_SUSPENDED or match.route.startswith(OPEN_BELOW):
        return True
    return request.method in ("GET", "HEAD") and _is_for_guests(match.func)


def _is_for_guests(view: object) -> bool:
    """May anybody read it? Pages of members are marked by their decorator; those of one's account are allauth's."""
    if getattr(view, "is_for_members", False):
        return False
    return not getattr(view, "__module__", "").startswith("allauth.")


def refuse_suspended(request: HttpRequest, member: User) -> HttpResponse:
    words = "Nothing was sent. You can read what guests read." if request.method == "POST" else _READ
    return _refuse(request, member, Sanction.Kind.SUSPENSION, "Your account is suspended", words)


def refuse_silenced(request: HttpRequest, member: User) -> HttpResponse:
    words = "Nothing was sent." if request.method == "POST" else "This page is for writing."
    return _refuse(
        request,
        member,
        Sanction.Kind.SILENCE,
        "You cannot write just now",
        f"You have been silenced. {words} You can read on, and report posts.",
    )


def require_voice(by: User) -> None:
    """For what people say about themselves, which others read too. config/errors.py has the page."""
    if by.is_silenced:
        raise PermissionDenied


def standing_of(person: Person) -> str:
    """For the line that stands on every page."""
    if isinstance(person, AnonymousUser):
        return ""
    return "suspended" if person.is_suspended else "silenced" if person.is_silenced else ""


_READ = "This page is for members. You can read what guests read."


def _refuse(request: HttpRequest, member: User, kind: str, title: str, words: str) -> HttpResponse:
    standing = Sanction.objects.standing().filter(member=member, kind=kind).select_related("rule")
    notice = render_to_string("accounts/parts/sanctioned.html", {"sanctions": standing})
    return kept.refuse(request, 403, title=title, explanation=words, notice=notice)
