"""The honeypot (core/web/honeypot.py) in the composer of new members. Other members' forms have none."""

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import Person
from core.web.honeypot import SHOWN_AT_FIELD, is_hidden_field_filled, signed_now, signed_time, was_too_fast
from forum.access.errors import PostRejected

AN_HOUR = 3_600


def render_fields(person: Person, request: HttpRequest, draft: object = None) -> str:
    """Returns the fields as HTML. A form that continues a draft counts as opened an hour ago."""
    if not (person.is_authenticated and person.is_new):
        return ""
    posted_time = request.POST.get(SHOWN_AT_FIELD, "") if request.method == "POST" else ""
    signed_start = signed_now(seconds_ago=AN_HOUR) if draft else signed_time(posted_time)
    return render_to_string("partials/honeypot.html", {"begun": signed_start})


def filled_honeypot(request: HttpRequest) -> bool:
    """Whether the invisible field was filled in. Raises PostRejected if the form was only sent very quickly."""
    if not (request.user.is_authenticated and request.user.is_new):
        return False
    if was_too_fast(request.POST, least=settings.SECONDS_TO_POST):
        raise PostRejected("body", _("Please wait a few seconds, then send your post again."))
    return is_hidden_field_filled(request.POST)
