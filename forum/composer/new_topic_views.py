"""The page on which a topic is started."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only, post_data
from accounts.auth import ip_log as addresses
from accounts.models import IpSighting
from forum.access.errors import AlreadySubmitted, PostRejected
from forum.antispam import honeypot as trap
from forum.composer import composer as composing, pages as writing
from forum.composer.contexts import NewTopicContext
from forum.models import Section
from forum.posts import create as posting


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def new_topic(request: MemberRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    place = NewTopicContext(section)
    place.require_may_write(request.user)
    begun = composing.initial_input(request, request.user, place)
    form = place.form(request.user, post_data(request), begun.fields)
    if request.method == "POST" and form.is_valid():
        draft = composing.posted_number(request, "draft")
        try:
            trapped = trap.is_caught(request)
            topic = posting.start_topic(
                section=section, by=request.user, draft=draft, trapped=trapped, **form.cleaned_data
            )
        except PostRejected as refusal:
            return writing.render_rejected(request, place, form, refusal)
        except AlreadySubmitted as refusal:
            return writing.render_already_submitted(request, place, form, refusal)
        addresses.store_ip_address(request, request.user, IpSighting.Act.POST)
        return redirect(topic)
    return writing.render_page(request, place, form, status=422 if form.is_bound else 200, begun=begun)
