"""What the pages with a composer share; the preview; new replies."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import User
from accounts.rate_limiting import limits as rate_limits, turns
from core.text import Rendered, render as rendered
from core.web.preserved_input import rejected_response, saved_fields
from core.web.request_values import wants_json
from forum.access.errors import AlreadySubmitted, PostRejected
from forum.composer import composer as composer_composer, new_replies
from forum.composer.composer import InitialInput
from forum.composer.contexts import ComposerContext, EditContext, ReplyContext, find_context
from forum.models import Topic
from forum.polls.forms import POLL_FIELDS
from forum.polls.polls import preview_poll, render as render_poll
from forum.quotes.create import find_quotes
from forum.quotes.display import DRAFT, quotes_in_draft
from forum.quotes.placeholders import QuotePlaceholders
from forum.web.form_base import posted_fields


def render_page(
    request: MemberRequest,
    place: ComposerContext,
    form: Form,
    *,
    status: int = 200,
    begun: InitialInput | None = None,
    draft: int | None = None,
    seen: int | None = None,
    **shown: Any,
) -> HttpResponse:
    """Renders the page with the composer of this place. `shown`: what is above the composer."""
    composer = composer_composer.compose(
        request,
        request.user,
        place,
        form,
        begun=begun or InitialInput(was_posted=True),
        draft=draft,
        seen=seen,
    )
    return render(
        request, place.template, {**place.shown, "form": form, "composer": composer, **shown}, status=status
    )


def render_rejected(
    request: MemberRequest, place: ComposerContext, form: Form, refusal: PostRejected
) -> HttpResponse:
    """Shows the form again, with the error beside its field."""
    place.require_may_write(request.user)  # a lost permission is the more important error
    form.add_error(refusal.field, refusal.words)
    answer = render_page(request, place, form, status=refusal.status)
    if refusal.retry_after is not None:
        answer["Retry-After"] = str(refusal.retry_after)
    return answer


def render_already_submitted(
    request: MemberRequest, place: ComposerContext, form: Form, refusal: AlreadySubmitted
) -> HttpResponse:
    """Shows the text in a new form, and a link to what the first form has sent."""
    place.require_may_write(request.user)
    again = place.form(request.user, initial={**posted_fields(form), "submission_key": uuid4()})
    return render_page(request, place, again, status=409, problem=refusal.words, sent=refusal.sent)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def preview(request: MemberRequest) -> HttpResponse:
    """Shows the text as it would be posted, above its form. A script only gets the text."""
    if request.method != "POST":
        return continue_after_sign_in(request)
    place = find_context(request.user, request.POST.get("place", ""))
    if place is None:
        raise Http404
    place.require_may_write(request.user)
    form = place.form(request.user, request.POST)
    if "body" in form.errors:
        if wants_json(request):
            return JsonResponse({"error": form.errors["body"][0]}, status=422)
        return render_page(request, place, form, status=422)
    body = form.cleaned_data["body"]
    with transaction.atomic():
        rate_limits.count_action(rate_limits.PREVIEWS, by=request.user, amount=1 + len(body) // 100)
    text, poll = _render_text(body, place, request.user), _render_poll(form)
    if wants_json(request):
        return JsonResponse({"html": text.html, "poll": poll})
    form = place.form(request.user, initial=posted_fields(form))
    return render_page(request, place, form, preview=text, poll=poll, **_new_replies(request, place))


def _render_text(body: str, place: ComposerContext, by: User) -> Rendered:
    """Renders the text as its author would see it, including quotes."""
    body = QuotePlaceholders(by).lifted(place.post, body) if isinstance(place, EditContext) else body
    named = place.references(body, by=by)
    with turns.exclusive_turn(by=by, length=len(body)):
        text = rendered(body, refers_to=named)
        looked_up = find_quotes(text, by=by)
    quotes = quotes_in_draft(looked_up, by, section=place.section, topic=place.topic)
    return replace(text, html=quotes.fill(DRAFT, text.html))


def _render_poll(form: Form) -> str:
    """Returns the poll as HTML, or what is wrong with it, or an empty string."""
    problem = next((form.errors[name][0] for name in POLL_FIELDS if name in form.errors), "")
    terms = form.cleaned_data.get("poll")
    if not terms and not problem:
        return ""
    ballot = preview_poll(terms, at=timezone.now()) if terms else None
    return render_to_string(
        "forum/composer/poll_preview.html", {"poll": ballot and render_poll(ballot, ""), "problem": problem}
    )


def _new_replies(request: MemberRequest, place: ComposerContext) -> dict[str, Any]:
    if not isinstance(place, ReplyContext):
        return {}
    since = composer_composer.posted_number(request, "seen")
    return {"since": since, "newer": new_replies.count(place.topic, since=since, reader=request.user)}


def continue_after_sign_in(request: MemberRequest) -> HttpResponse:
    """Shows the preserved input to someone who had to sign in first."""
    said = saved_fields(request)
    if not said:
        return redirect("forum:drafts")
    place = find_context(request.user, said.get("place", ""))
    if place is None:
        return rejected_response(
            request,
            404,
            title=_("This no longer exists"),
            explanation=_("The topic, section or post you were writing for can’t be found."),
        )
    place.require_may_write(request.user)
    begun = composer_composer.initial_input(request, request.user, place)
    return render_page(request, place, place.form(request.user, initial=begun.fields), begun=begun)


@require_safe
@members_only
def new_replies_since(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Shows the replies after the position `?seen=`. A script gets their number."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    seen = composer_composer.to_number(request.GET.get("seen", ""))
    if wants_json(request):
        return JsonResponse({"replies": new_replies.count(topic, since=seen, reader=request.user)})
    posts = new_replies.new_replies(topic, since=seen, reader=request.user)
    return render(request, "forum/composer/new_replies_page.html", {"topic": topic, "replies": posts})
