"""The composer: its form, the draft or preserved input that it continues, and what it shows besides."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.forms import BoundField, Form
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts.access.decorators import MemberRequest
from core.web import preserved_input
from core.web.request_values import is_number
from forum.antispam import honeypot, limits
from forum.composer.contexts import ComposerContext
from forum.drafts import store as drafts_store
from forum.models import Draft
from forum.polls.forms import POLL_FIELDS

A_YEAR = 365 * 24 * 60 * 60
CONFIRM_NEW_REPLIES = "look_first"  # the checkbox "Show new replies before posting"
CONFIRM_NEW_REPLIES_COOKIE = f"{settings.COOKIE_PREFIX}look_first"  # remembers it


@dataclass(frozen=True)
class Composer:
    """What templates/forum/composer/composer.html needs. On a topic page, what differs between readers is a slot."""

    context: ComposerContext
    form: Form
    writer: int | str
    draft: int | str = 0  # the version of the draft that this form continues
    note: str = ""  # the note that the text is a draft
    seen: int | str = 0  # the last position when the writer began
    look_first: str = ""  # the attribute of the checkbox, or nothing
    is_unsaved: bool = False  # its text came from a POST and is stored nowhere
    submit_label: str = ""  # label of the button, if it differs from that of the context
    is_second: bool = False  # next to another composer with the same draft: only the other one saves drafts
    honeypot: str = ""  # the invisible fields of the honeypot, for new members
    limits: str = ""  # the note on the limits for new members

    @property
    def form_id(self) -> str:
        name = "reply" if self.context.act == "reply" else "composer"
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
class InitialInput:
    """What the composer continues: preserved input, or else a draft."""

    fields: dict[str, Any] = field(default_factory=dict)
    draft: Draft | None = None
    was_posted: bool = False


POSTED = InitialInput(was_posted=True)


def initial_input(request: MemberRequest, context: ComposerContext) -> InitialInput:
    if request.method == "POST":
        return POSTED
    draft, preserved = drafts_store.find(request.user, context.draft_key), preserved_input.pop(request)
    return InitialInput({**draft_fields(draft), **preserved}, draft, was_posted=bool(preserved))


def draft_fields(draft: Draft | None) -> dict[str, Any]:
    """Returns the initial values of a form that continues the draft."""
    if draft is None:
        return {}
    fields: dict[str, Any] = {name: getattr(draft, name) for name in drafts_store.TEXT_FIELDS} | draft.poll
    fields["drafted_at"] = draft.updated_at
    return {**fields, "version": draft.based_on} if draft.based_on else fields


def compose(
    request: MemberRequest,
    context: ComposerContext,
    form: Form,
    *,
    restored: InitialInput = POSTED,
    **options: Any,
) -> Composer:
    """Returns the composer, with the version of its draft and the last position that its writer saw: those in
    `restored`, or else those that were posted."""
    state = {"draft": restored.draft.version if restored.draft else 0, "seen": last_position(context)}
    fields = {**request.POST.dict(), **restored.fields}
    state |= {name: to_number(fields[name]) for name in state if name in fields}
    is_edit = context.act == "edit"
    return Composer(
        context,
        form,
        writer=request.user.pk,
        draft=state["draft"],
        seen=state["seen"],
        note=render_draft_note(request, restored.draft),
        look_first=" checked" if wants_to_confirm_new_replies(request) else "",
        is_unsaved=restored.was_posted,
        honeypot="" if is_edit else honeypot.render_fields(request.user, request, restored.draft),
        limits=limits.render_note(request.user, None if is_edit else context.section),
        **options,
    )


def last_position(context: ComposerContext) -> int:
    topic = context.template_context.get("topic")
    return topic.last_position if topic else 0


def render_draft_note(request: HttpRequest, draft: Draft | drafts_store.ShownDraft | None) -> str:
    if draft is None:
        return ""
    context = {"draft": draft, "back": request.get_full_path(), "csrf_token": get_token(request)}
    return render_to_string("forum/composer/draft_note.html", context)


def wants_to_confirm_new_replies(request: HttpRequest) -> bool:
    if request.method == "POST":
        return CONFIRM_NEW_REPLIES in request.POST
    return bool(request.COOKIES.get(CONFIRM_NEW_REPLIES_COOKIE))


def remember_confirm_new_replies(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Remembers the checkbox in this browser."""
    if CONFIRM_NEW_REPLIES in request.POST:
        if CONFIRM_NEW_REPLIES_COOKIE not in request.COOKIES:
            response.set_cookie(
                CONFIRM_NEW_REPLIES_COOKIE,
                "yes",
                max_age=A_YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
                httponly=True,
            )
    elif CONFIRM_NEW_REPLIES_COOKIE in request.COOKIES:
        response.delete_cookie(CONFIRM_NEW_REPLIES_COOKIE, samesite="Lax")
    return response


def posted_number(request: HttpRequest, name: str) -> int:
    """Returns the number in a hidden field, or 0."""
    return to_number(request.POST.get(name, ""))


def to_number(value: Any) -> int:
    digits = str(value)
    return int(digits) if is_number(digits, digits=15) else 0
