"""The page on which a topic is started."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only
from accounts.auth.ip_log import store_ip_address
from accounts.models import IpSighting
from core.web.form_pages import post_data
from forum.access.errors import AlreadySubmitted, PostRejected
from forum.antispam.honeypot import filled_honeypot
from forum.composer.composer import initial_input, posted_number
from forum.composer.composer_page import render_already_submitted, render_page, render_rejected
from forum.composer.contexts import NewTopicContext
from forum.models import Section
from forum.posts.create import start_topic


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def new_topic(request: MemberRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    context = NewTopicContext(section)
    context.require_may_write(request.user)
    restored = initial_input(request, context)
    form = context.form(request.user, post_data(request), restored.fields)
    if request.method == "POST" and form.is_valid():
        try:
            topic = start_topic(
                section=section,
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
        return redirect(topic)
    return render_page(request, context, form, status=422 if form.is_bound else 200, restored=restored)
