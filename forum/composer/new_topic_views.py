"""The page on which a topic is started."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only, posted
from accounts.auth import ip_log as addresses
from accounts.models import Sighting
from forum.access.errors import SentBefore, TextRefused
from forum.antispam import honeypot as trap
from forum.composer import composer as composing, pages as writing
from forum.composer.contexts import Starting
from forum.models import Section
from forum.posts import create as posting


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def new_topic(request: MemberRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), slug=slug)
    place = Starting(section)
    place.require_may_write(request.user)
    begun = composing.begun(request, request.user, place)
    form = place.form(request.user, posted(request), begun.fields)
    if request.method == "POST" and form.is_valid():
        draft = composing.said_number(request, "draft")
        try:
            trapped = trap.has_caught(request)
            topic = posting.start_topic(
                section=section, by=request.user, draft=draft, trapped=trapped, **form.cleaned_data
            )
        except TextRefused as refusal:
            return writing.refused(request, place, form, refusal)
        except SentBefore as refusal:
            return writing.sent_before(request, place, form, refusal)
        addresses.note(request, request.user, Sighting.Act.POST)
        return redirect(topic)
    return writing.page(request, place, form, status=422 if form.is_bound else 200, begun=begun)
