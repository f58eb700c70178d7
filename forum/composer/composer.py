"""The composer: its form, the draft or preserved input that it continues, and what it shows besides."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.forms import BoundField, Form
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts.models import User
from core.web import preserved_input as kept
from core.web.request_values import is_number
from forum.antispam import honeypot as trap, limits
from forum.composer.contexts import Place
from forum.drafts import store as drafts
from forum.models import Draft
from forum.polls.forms import POLL_FIELDS

A_YEAR = 365 * 24 * 60 * 60
LOOK_FIRST = "look_first"  # the checkbox "Show new replies before posting"
LOOK_FIRST_COOKIE = f"{settings.COOKIE_PREFIX}look_first"  # remembers it


@dataclass(frozen=True)
class Composer:
    """What templates/forum/parts/composer.html needs. On a topic page, what differs between readers is a slot."""

    place: Place
    form: Form
    writer: int | str
    draft: int | str = 0  # the version of the draft that this form continues
    note: str = ""  # the note that the text is a draft
    seen: int | str = 0  # the last position when the writer began
    look_first: str = ""  # the attribute of the checkbox, or nothing
    is_unsaved: bool = False  # its text came from a POST and is stored nowhere
    send: str = ""  # label of the button, if it differs from that of the place
    is_second: bool = False  # beside another composer of this place: only the other one saves drafts
    trap: str = ""  # the invisible fields of the honeypot, for new members
    limits: str = ""  # the note on the limits for new members

    @property
    def form_id(self) -> str:
        name = "reply" if self.place.act == "reply" else "composer"
        return f"{name}-second" if self.is_second else name

    @property
    def fields(self) -> list[BoundField]:
        return [field for field in self.form.visible_fields() if field.name not in POLL_FIELDS]

    @property
    def poll_fields(self) -> list[BoundField]:
        return [field for field in self.form.visible_fields() if field.name in POLL_FIELDS]

    @property
    def has_begun_poll(self) -> bool:
        return any(field.value() or field.errors for field in self.poll_fields)


@dataclass(frozen=True)
class Begun:
    """What the composer continues: preserved input, or else a draft."""

    fields: dict[str, Any] = field(default_factory=dict)
    draft: Draft | None = None
    was_posted: bool = False


def begun(request: HttpRequest, by: User, place: Place) -> Begun:
    if request.method == "POST":
        return Begun(was_posted=True)
    draft, posted = drafts.of(by, place.name), kept.take(request)
    return Begun({**fields_of(draft), **posted}, draft, was_posted=bool(posted))


def fields_of(draft: Draft | None) -> dict[str, Any]:
    """Returns the initial values of a form that continues the draft."""
    if draft is None:
        return {}
    said: dict[str, Any] = {name: getattr(draft, name) for name in drafts.SAID} | draft.poll
    said["drafted_at"] = draft.updated_at
    return {**said, "version": draft.based_on} if draft.based_on else said


def compose(
    request: HttpRequest,
    by: User,
    place: Place,
    form: Form,
    *,
    begun: Begun,
    draft: int | None = None,
    seen: int | None = None,
    **more: Any,
) -> Composer:
    """Returns the composer. `draft` and `seen` override what was posted."""
    said = {"draft": begun.draft.version if begun.draft else 0, "seen": last_position(place)}
    # Posted or preserved values say what the writer had seen.
    before = request.POST if request.method == "POST" else begun.fields
    said |= {name: number(before[name]) for name in said if name in before}
    return Composer(
        place,
        form,
        writer=by.pk,
        draft=said["draft"] if draft is None else draft,
        note=note_of(request, begun.draft),
        seen=said["seen"] if seen is None else seen,
        look_first=" checked" if asks_to_look_first(request) else "",
        is_unsaved=begun.was_posted,
        **more,
        trap="" if place.act == "edit" else trap.in_form_of(by, request, begun.draft),
        limits=limits.in_form_of(by, None if place.act == "edit" else place.section),
    )


def last_position(place: Place) -> int:
    topic = place.shown.get("topic")
    return topic.last_position if topic else 0


def note_of(request: HttpRequest, draft: Draft | None) -> str:
    if draft is None:
        return ""
    shown = {"draft": draft, "back": request.get_full_path(), "csrf_token": get_token(request)}
    return render_to_string("forum/parts/draft_note.html", shown)


def asks_to_look_first(request: HttpRequest) -> bool:
    if request.method == "POST":
        return LOOK_FIRST in request.POST
    return bool(request.COOKIES.get(LOOK_FIRST_COOKIE))


def remember_look_first(answer: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Remembers the checkbox in this browser."""
    if LOOK_FIRST in request.POST:
        if LOOK_FIRST_COOKIE not in request.COOKIES:
            answer.set_cookie(
                LOOK_FIRST_COOKIE,
                "yes",
                max_age=A_YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
                httponly=True,
            )
    elif LOOK_FIRST_COOKIE in request.COOKIES:
        answer.delete_cookie(LOOK_FIRST_COOKIE, samesite="Lax")
    return answer


def said_number(request: HttpRequest, name: str) -> int:
    """Returns the number in a hidden field, or 0."""
    return number(request.POST.get(name, ""))


def number(said: Any) -> int:
    said = str(said)
    return int(said) if is_number(said, digits=15) else 0
