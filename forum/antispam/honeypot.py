"""The traps (core/web/honeypot.py) in the form of a new member's post. Everybody else's form has none."""

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.models import Person
from core.web import honeypot as traps
from forum.access.errors import TextRefused
from forum.models import Draft

AN_HOUR = 3_600
AGAIN = "That was very quick for one of your first posts. Look it over, then send it again."


def in_form_of(person: Person, request: HttpRequest, draft: Draft | None = None) -> str:
    """The fields, as HTML. A form that goes on with a draft was begun when that was."""
    if not (person.is_authenticated and person.is_new):
        return ""
    said = request.POST.get(traps.BEGUN, "") if request.method == "POST" else ""
    begun = traps.begun_now(seconds_ago=AN_HOUR) if draft else traps.begun_as_said(said)
    return render_to_string("partials/trap.html", {"begun": begun})


def has_caught(request: HttpRequest) -> bool:
    """Was the unseen field filled in? Raises TextRefused for what was only very quick: its writer sends it again."""
    if not (request.user.is_authenticated and request.user.is_new):
        return False
    if traps.was_quick(request.POST, least=settings.SECONDS_TO_POST):
        raise TextRefused("body", AGAIN)
    return traps.is_filled(request.POST)
