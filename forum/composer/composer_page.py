"""The page around a composer: rendered, with an error, after the text was already sent, and after signing in."""

from typing import Any
from uuid import uuid4

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access.decorators import MemberRequest
from core.web.preserved_input import rejected_response, saved_fields
from forum.access.errors import AlreadySubmitted, PostRejected
from forum.composer.composer import POSTED, InitialInput, compose, initial_input
from forum.composer.contexts import ComposerContext, find_context
from forum.web.form_base import posted_fields


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
