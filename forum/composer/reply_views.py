"""The page on which a reply is written."""

from dataclasses import replace

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from accounts.auth.ip_log import store_ip_address
from accounts.models import IpSighting
from core.web.form_pages import post_data
from forum.access.errors import AlreadySubmitted, PostRejected, TopicIsMerged
from forum.access.lookup import visible_topic
from forum.antispam.honeypot import filled_honeypot
from forum.composer.composer import (
    POSTED,
    initial_input,
    posted_number,
    remember_confirm_new_replies,
    wants_to_confirm_new_replies,
)
from forum.composer.composer_page import render_already_submitted, render_page, render_rejected
from forum.composer.contexts import ReplyContext
from forum.composer.forms import ReplyForm
from forum.composer.new_replies import NewReply, new_replies
from forum.composer.quote_views import quotes_from, requested_posts
from forum.drafts.resubmissions import find_resubmission
from forum.models import Post
from forum.posts.create import create_reply
from forum.quotes.create import append_quotes, quotes_to_add
from forum.web.form_base import posted_fields


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def reply(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    try:
        context = ReplyContext(visible_topic(request.user, pk))
    except TopicIsMerged:
        if post := _already_submitted(request):
            return redirect(post)
        raise
    # A repeated POST redirects to the post it created, even if the topic is closed by now.
    if request.method != "POST":
        context.require_may_write(request.user)
    quoted_posts = requested_posts(request, request.user)
    # Before the preserved input is taken, since this may raise.
    quotes = quotes_from(quoted_posts, by=request.user) if request.method != "POST" else None
    restored = initial_input(request, context)
    initial = restored.fields
    if quotes is not None:
        initial = {**initial, "body": append_quotes(initial.get("body", ""), quotes)}
    form = context.form(request.user, post_data(request), initial)
    if request.method == "POST" and form.is_valid():
        return _post_reply(request, context, form)
    context.require_may_write(request.user)
    more_posts = quotes_to_add(context.topic, quoted_posts) if quoted_posts and not form.is_bound else []
    status = 422 if form.is_bound else 200
    return render_page(
        request, context, form, status=status, restored=restored, quoted=quoted_posts, more=more_posts
    )


def _post_reply(request: MemberRequest, context: ReplyContext, form: Form) -> HttpResponse:
    try:
        if unseen_replies := _new_replies_to_confirm(request, context, form):
            last_position = max(context.topic.last_position, unseen_replies[-1].post.position)
            new_form = context.form(request.user, initial=posted_fields(form))
            return render_page(
                request,
                context,
                new_form,
                restored=replace(POSTED, fields={"seen": last_position}),
                first=unseen_replies,
            )
        post = create_reply(
            topic=context.topic,
            by=request.user,
            draft=posted_number(request, "draft"),
            filled_honeypot=filled_honeypot(request),
            **form.cleaned_data,
        )
    except PostRejected as error:
        return render_rejected(request, context, form, error)
    except AlreadySubmitted as error:
        return render_already_submitted(request, context, form, error)
    store_ip_address(request, request.user, IpSighting.Act.POST)
    return remember_confirm_new_replies(redirect(post), request)


def _already_submitted(request: MemberRequest) -> Post | None:
    """Returns what the same submission created before the topic was merged."""
    form = ReplyForm(post_data(request))
    try:
        return find_resubmission(request.user, **form.cleaned_data) if form.is_valid() else None
    except AlreadySubmitted:
        return None


def _new_replies_to_confirm(request: MemberRequest, context: ReplyContext, form: Form) -> list[NewReply]:
    """Returns the new replies, if the writer asked to see them before posting."""
    if not wants_to_confirm_new_replies(request):
        return []
    if find_resubmission(request.user, **form.cleaned_data):
        return []
    seen = posted_number(request, "seen")
    return new_replies(context.topic, since=seen, reader=request.user)
