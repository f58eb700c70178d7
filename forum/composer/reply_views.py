"""The page on which a reply is written."""

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access.decorators import MemberRequest, members_only, posted
from accounts.auth import ip_log as addresses
from accounts.models import Sighting
from forum.access.errors import SentBefore, TextRefused, TopicIsMerged
from forum.access.lookup import visible_topic
from forum.antispam import honeypot as trap
from forum.composer import composer as composing, new_replies as meanwhile, pages as writing
from forum.composer.contexts import Answering
from forum.composer.forms import ReplyForm
from forum.composer.quote_views import asked_quotes, quotes_from
from forum.models import Post
from forum.posts import create as posting
from forum.quotes.create import quotes_after, quotes_to_add
from forum.web.form_base import as_typed


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def reply(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    try:
        place = Answering(visible_topic(request.user, pk))
    except TopicIsMerged:
        if post := _sent_before(request):
            return redirect(post)
        raise
    # A repeated POST redirects to the post it created, even if the topic is closed by now.
    if request.method != "POST":
        place.require_may_write(request.user)
    quoted = asked_quotes(request, request.user)
    # Before the preserved input is taken, since this may raise.
    quotes = quotes_from(quoted, by=request.user) if request.method != "POST" else None
    begun = composing.begun(request, request.user, place)
    initial = begun.fields
    if quotes is not None:
        initial = {**initial, "body": quotes_after(initial.get("body", ""), quotes)}
    form = place.form(request.user, posted(request), initial)
    if request.method == "POST" and form.is_valid():
        draft = composing.said_number(request, "draft")
        try:
            if newer := _to_be_seen_first(request, place, form):
                last = max(place.topic.last_position, newer[-1].position)
                again = place.form(request.user, initial=as_typed(form))
                return writing.page(request, place, again, seen=last, first=newer)
            trapped = trap.has_caught(request)
            post = posting.reply(
                topic=place.topic, by=request.user, draft=draft, trapped=trapped, **form.cleaned_data
            )
        except TextRefused as refusal:
            return writing.refused(request, place, form, refusal)
        except SentBefore as refusal:
            return writing.sent_before(request, place, form, refusal)
        addresses.note(request, request.user, Sighting.Act.POST)
        return composing.remember_look_first(redirect(post), request)
    place.require_may_write(request.user)
    more = quotes_to_add(place.topic, quoted) if quoted and not form.is_bound else []
    status = 422 if form.is_bound else 200
    return writing.page(request, place, form, status=status, begun=begun, quoted=quoted, more=more)


def _sent_before(request: MemberRequest) -> Post | None:
    """Returns what the same submission created before the topic was merged."""
    form = ReplyForm(posted(request))
    try:
        return posting.made_before(request.user, **form.cleaned_data) if form.is_valid() else None
    except SentBefore:
        return None


def _to_be_seen_first(request: MemberRequest, place: Answering, form: Form) -> list[Post]:
    """Returns the new replies, if the writer asked to see them before posting."""
    if not composing.asks_to_look_first(request):
        return []
    if posting.made_before(request.user, **form.cleaned_data):
        return []
    seen = composing.said_number(request, "seen")
    return meanwhile.answers(place.topic, since=seen, reader=request.user)
