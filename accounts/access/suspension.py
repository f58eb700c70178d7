"""What somebody is answered who is suspended or silenced: until when, why, and what can be done about it.

Who is suspended may do what stands in OPEN_TO_SUSPENDED and read what guests read. Everything else is refused, what
nobody has thought of yet included: a new address is open to them only by being named here."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, Sanction, Session, User
from core.web import preserved_input as kept
from core.web.request_values import wants_json

# What they were told, their own appeal, the way out; and the colours of the page, which is nobody's business.
OPEN_TO_SUSPENDED = frozenset({"account_logout", "account_standing", "moderation:appeal", "theme"})
OPEN_BELOW = ("inbox/",)
ENDED_FOR = "ended_for"  # in a session that a suspension has ended: whose it was


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


def end_sessions(member: User) -> None:
    """Wherever they are signed in ends. What is left of each session says whom to tell why, once."""
    left = Session.get_session_store_class()().encode({ENDED_FOR: member.pk})
    Session.objects.filter(member=member).update(member=None, session_data=left)


def told_why_signed_out(request: HttpRequest) -> HttpResponse | None:
    """For what somebody asks for next: the page for signing in, which says why, since an appeal begins in the inbox; a
    form gets its text back. None for everybody else."""
    match = request.resolver_match
    if _is_script(request) or (match and match.view_name in ("account_login", "theme")):
        return None
    if not (member := _ended_for(request)):
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    del request.session[ENDED_FOR]
    return refuse_suspended(request, member)


def take_why_signed_out(request: HttpRequest) -> str:
    """Until when and why, as HTML for the page for signing in; once."""
    member = _ended_for(request)
    return _notice(member, Sanction.Kind.SUSPENSION) if member and request.session.pop(ENDED_FOR) else ""


def _ended_for(request: HttpRequest) -> User | None:
    """Who was signed in here until they were suspended, as they still are."""
    # Without a cookie there is no session, and a guest's page stays the same for all guests.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.user.is_authenticated:
        return None
    if ENDED_FOR not in request.session:
        return None
    return User.objects.filter(pk=request.session[ENDED_FOR], suspended_until__gt=timezone.now()).first()


def _is_script(request: HttpRequest) -> bool:
    """Nobody reads the answer to a draft that is saved while its writer reads on."""
    return wants_json(request) or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def refuse_suspended(request: HttpRequest, member: User) -> HttpResponse:
    words = "Nothing was sent. You can read what guests read." if request.method == "POST" else _READ
    if not request.user.is_authenticated:
        words = f"Nothing was sent. {SIGNED_OUT}"
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
    """For what people say about themselves, which others read too. config/availability/error_pages.py has the page."""
    if by.is_silenced:
        raise PermissionDenied


def standing_of(person: Person) -> str:
    """For the line that stands on every page."""
    if isinstance(person, AnonymousUser):
        return ""
    return "suspended" if person.is_suspended else "silenced" if person.is_silenced else ""


SIGNED_OUT = (
    "You have been signed out. You can go on reading what guests read. "
    "Sign in again to see your inbox and to appeal."
)
_READ = "This page is for members. You can read what guests read."


def _refuse(request: HttpRequest, member: User, kind: str, title: str, words: str) -> HttpResponse:
    return kept.refuse(request, 403, title=title, explanation=words, notice=_notice(member, kind))


def _notice(member: User, kind: str) -> str:
    standing = Sanction.objects.standing().filter(member=member, kind=kind).select_related("rule")
    return render_to_string("accounts/parts/sanctioned.html", {"sanctions": standing})
