"""What suspended and silenced members are told: in response to a rejected request, and about their account."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Person, Sanction, User
from core.web.preserved_input import rejected_response

SIGNED_OUT_MESSAGE = gettext_lazy(
    "You’ve been signed out. You can still read public sections. "
    "Sign in again to see your notifications and appeal."
)


def suspended_response(request: HttpRequest, member: User) -> HttpResponse:
    """Returns the page that tells a suspended member why a request was rejected."""
    if not request.user.is_authenticated:
        explanation = _("Nothing was sent.") + " " + SIGNED_OUT_MESSAGE
    elif request.method == "POST":
        explanation = _("Nothing was sent. You can still read public sections.")
    else:
        explanation = _("This page is for members. You can still read public sections.")
    return _rejected(request, member, Sanction.Kind.SUSPENSION, _("Your account is suspended"), explanation)


def silenced_response(request: HttpRequest, member: User) -> HttpResponse:
    """Returns the page that tells a silenced member why a request was rejected."""
    if request.method == "POST":
        explanation = _("You’ve been silenced, so nothing was sent. You can still read and report posts.")
    else:
        explanation = _(
            "You’ve been silenced, so you can’t use this page. You can still read and report posts."
        )
    return _rejected(request, member, Sanction.Kind.SILENCE, _("You can’t post right now"), explanation)


def _rejected(request: HttpRequest, member: User, kind: str, title: str, explanation: str) -> HttpResponse:
    return rejected_response(
        request, 403, title=title, explanation=explanation, notice=restriction_notice(member, kind)
    )


def restriction_notice(member: User, kind: str) -> str:
    """Returns the reasons of the member's active sanctions of this kind, as HTML."""
    active = Sanction.objects.active().filter(member=member, kind=kind).select_related("rule")
    return render_to_string("accounts/access/restricted.html", {"sanctions": active})


def restriction_of(person: Person) -> str:
    """Returns "suspended", "silenced" or "", for the notice at the top of every page."""
    if isinstance(person, AnonymousUser):
        return ""
    return "suspended" if person.is_suspended else "silenced" if person.is_silenced else ""


def status_summary(member: User) -> str:
    """Returns a sentence that sums up what staff decided about the member's account."""
    if member.is_suspended:
        return _(
            "Your account is suspended. You can read public sections, see your notifications, appeal and sign out."
        )
    if member.is_silenced:
        return _("You’ve been silenced. You can still read and report posts, but not post, vote or thank.")
    if member.is_new:
        return _("Staff haven’t restricted your account.")
    return _("Your account has no restrictions.")
