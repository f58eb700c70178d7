"""What the pages with a composer share; the preview; new replies."""

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
from accounts.rate_limiting import rate_counter
from core.web.preserved_input import rejected_response, saved_fields
from core.web.request_values import wants_json
from forum.access.errors import AlreadySubmitted, PostRejected
from forum.composer import new_replies
from forum.composer.composer import POSTED, InitialInput, compose, initial_input, posted_number, to_number
from forum.composer.contexts import ComposerContext, ReplyContext, find_context
from forum.models import Topic
from forum.polls.forms import POLL_FIELDS
from forum.polls.polls import preview_poll, render as render_poll
from forum.post_text.text import preview_html
from forum.quotes.edit_placeholders import QuotePlaceholders
from forum.web.form_base import posted_fields

# In hundreds of characters: ten texts of maximum length, at most a second each.
PREVIEW_LIMIT = rate_counter.Limit("preview", 3_000, 60)


def render_page(
    request: MemberRequest,
    context: ComposerContext,
    form: Form,
    *,
    status: int = 200,
    restored: InitialInput = POSTED,
    **extra: Any,
) -> HttpResponse:
    """Renders the page with the composer of this context. `extra`: what is above the composer."""
    composer = compose(request, context, form, restored=restored)
    template_context = {**context.template_context, "form": form, "composer": composer, **extra}
    return render(request, context.template, template_context, status=status)


def render_rejected(
    request: MemberRequest, context: ComposerContext, form: Form, error: PostRejected
) -> HttpResponse:
    """Shows the form again, with the error beside its field."""
    context.require_may_write(request.user)  # a lost permission is the more important error
    form.add_error(error.field, error.explanation)
    response = render_page(request, context, form, status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def render_already_submitted(
    request: MemberRequest, context: ComposerContext, form: Form, error: AlreadySubmitted
) -> HttpResponse:
    """Shows the text in a new form, and a link to what the first form has sent."""
    context.require_may_write(request.user)
    new_form = context.form(request.user, initial={**posted_fields(form), "submission_key": uuid4()})
    return render_page(
        request, context, new_form, status=409, problem=error.explanation, sent=error.submitted
    )


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def preview(request: MemberRequest) -> HttpResponse:
    """Shows the text as it would be posted, above its form. A script only gets the text."""
    if request.method != "POST":
        return continue_after_sign_in(request)
    context = find_context(request.user, request.POST.get("place", ""))
    if context is None:
        raise Http404
    context.require_may_write(request.user)
    form = context.form(request.user, request.POST)
    if "body" in form.errors:
        if wants_json(request):
            return JsonResponse({"error": form.errors["body"][0]}, status=422)
        return render_page(request, context, form, status=422)
    body = form.cleaned_data["body"]
    with transaction.atomic():
        rate_counter.count_action(PREVIEW_LIMIT, by=request.user, amount=1 + len(body) // 100)
    html, poll = _preview(body, context, request.user), _render_poll(form)
    if wants_json(request):
        return JsonResponse({"html": html, "poll": poll})
    form = context.form(request.user, initial=posted_fields(form))
    return render_page(request, context, form, preview=html, poll=poll, **_new_replies(request, context))


def _preview(body: str, context: ComposerContext, by: User) -> str:
    if context.post:
        body = QuotePlaceholders(by).restore(context.post, body)
    return preview_html(body, by=by, section=context.section, topic=context.topic, post=context.post)


def _render_poll(form: Form) -> str:
    """Returns the poll as HTML, or what is wrong with it, or an empty string."""
    message = next((form.errors[name][0] for name in POLL_FIELDS if name in form.errors), "")
    terms = form.cleaned_data.get("poll")
    if not terms and not message:
        return ""
    ballot = preview_poll(terms, at=timezone.now()) if terms else None
    return render_to_string(
        "forum/composer/poll_preview.html", {"poll": ballot and render_poll(ballot, ""), "problem": message}
    )


def _new_replies(request: MemberRequest, context: ComposerContext) -> dict[str, Any]:
    if not isinstance(context, ReplyContext):
        return {}
    since = posted_number(request, "seen")
    return {"since": since, "newer": new_replies.count(context.topic, since=since, reader=request.user)}


def continue_after_sign_in(request: MemberRequest) -> HttpResponse:
    """Shows the preserved input to someone who had to sign in first."""
    fields = saved_fields(request)
    if not fields:
        return redirect("forum:drafts")
    context = find_context(request.user, fields.get("place", ""))
    if context is None:
        return rejected_response(
            request,
            404,
            title=_("This no longer exists"),
            explanation=_("The topic, section or post you were writing for can’t be found."),
        )
    context.require_may_write(request.user)
    restored = initial_input(request, context)
    return render_page(
        request, context, context.form(request.user, initial=restored.fields), restored=restored
    )


@require_safe
@members_only
def new_replies_since(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    """Shows the replies after the position `?seen=`. A script gets their number."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    seen = to_number(request.GET.get("seen", ""))
    if wants_json(request):
        return JsonResponse({"replies": new_replies.count(topic, since=seen, reader=request.user)})
    replies = new_replies.new_replies(topic, since=seen, reader=request.user)
    return render(request, "forum/composer/new_replies_page.html", {"topic": topic, "replies": replies})
