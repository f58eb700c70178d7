"""The preview of a text, before it is posted."""

from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from accounts.models import User
from accounts.rate_limiting import rate_counter
from core.web.request_values import wants_json
from forum.composer import new_replies
from forum.composer.composer import posted_number
from forum.composer.composer_page import continue_after_sign_in, render_page
from forum.composer.contexts import ComposerContext, ReplyContext, find_context
from forum.polls.forms import POLL_FIELDS
from forum.polls.polls import preview_poll, render as render_poll
from forum.post_text.prepare import preview_html
from forum.quotes.edit_placeholders import QuotePlaceholders
from forum.web.form_base import posted_fields

# In hundreds of characters: ten texts of maximum length, at most a second each.
PREVIEW_LIMIT = rate_counter.Limit("preview", 3_000, 60)


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
