from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import addresses, kept
from accounts.asking import MemberRequest, members_only, posted
from accounts.models import Person, Sighting
from forum import (
    composing,
    editing,
    meanwhile,
    merged,
    permissions,
    polling,
    posting,
    shown_waiting,
    trap,
    versions,
    voting,
)
from forum.forms import ReplyForm, RetitleForm, as_typed
from forum.fragments import fragment_of
from forum.models import Post, Topic
from forum.models.topic import page_of
from forum.own import own_on
from forum.paging import asked_page
from forum.places import Answering
from forum.quoted import quotes_in
from forum.quoting import quotes_after, quotes_to_add
from forum.refusals import SentBefore, TextRefused, TitleConflict, TopicIsMerged
from forum.showing import show
from forum.staff_said import said_under
from forum.standing import standing_of
from forum.views import writing
from forum.views.quotes import asked_quotes, quotes_from


def visible_topic(person: Person, pk: int) -> Topic:
    """One topic is asked about by its rule; composing a list for it takes three times as long."""
    topic = Topic.objects.with_closure().filter(pk=pk).first()
    if topic and permissions.can_read_topic(person, topic):
        return topic
    if into := merged.leads_to(person, pk):
        raise TopicIsMerged(Topic(pk=pk), into)
    raise Http404


@require_safe
def topic(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    person = request.user
    standing = standing_of(person, pk)
    if standing is None:
        return _permanently_at(_merged_into(person, pk).get_absolute_url())
    number = asked_page(request, page_of(max(standing.last_position, 1)))
    key = (pk, standing.version, standing.epoch, number)
    fragment = fragment_of(*key)
    topic = fragment.topic
    if slug != topic.slug:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return _permanently_at(topic.get_absolute_url() + query)
    page = fragment.page_of(person, instead=_read_instead(person, topic))
    # Nothing is asked where there is nothing of anybody's.
    own = own_on(person, fragment.posts) if fragment.is_thanked or standing.has_own else {}
    votes = voting.votes_of(person, fragment.poll) if fragment.poll else frozenset()
    quotes = quotes_in(fragment.quoting, person)
    until = polling.tells_until(fragment.poll)
    staff_said = said_under(person, fragment.posts) if standing.has_staff_replies else None
    waiting = shown_waiting.on_topic(request, topic) if standing.has_waiting else ""
    shown = show(
        request,
        page,
        fragment,
        key,
        standing.reached,
        own,
        quotes,
        standing.draft,
        votes,
        staff_said=staff_said,
        waiting=waiting,
    )
    # Of this topic the number that was read with its posts, which may be older than the one read with the quotes.
    return versions.rest(
        HttpResponse(shown), quotes.stamp, versions.of_topic(topic, page.instead), until=until
    )


def _merged_into(person: Person, pk: int) -> Topic:
    into = merged.leads_to(person, pk)
    if into is None:
        raise Http404
    return into


def _permanently_at(address: str) -> HttpResponse:
    """For search engines; not to be kept by browsers, since the title may change back, and what was done be undone."""
    moved = HttpResponsePermanentRedirect(address)
    moved["Cache-Control"] = "no-cache"
    return moved


def _read_instead(person: Person, topic: Topic) -> Topic | None:
    """For those who may read it. Asked for every time: what is kept of this topic knows nothing of its changes."""
    pk = topic.standing_closure.read_instead_id if topic.is_closed else None
    return Topic.objects.visible_to(person).filter(pk=pk).first() if pk else None


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def reply(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    try:
        place = Answering(visible_topic(request.user, pk))
    except TopicIsMerged:
        if post := _sent_before(request):
            return redirect(post)
        raise
    if (
        request.method != "POST"
    ):  # a repeated POST leads to what it made, even when the topic is closed by now
        place.require_may_write(request.user)
    quoted = asked_quotes(request, request.user)
    # May be refused, so before a text that is kept for this page is taken up.
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
    """What the same submission made before the topic went into another."""
    form = ReplyForm(posted(request))
    try:
        return posting.made_before(request.user, **form.cleaned_data) if form.is_valid() else None
    except SentBefore:
        return None


def _to_be_seen_first(request: MemberRequest, place: Answering, form: Form) -> list[Post]:
    """What others answered since the writer began, if they asked to see it before theirs is posted."""
    if not composing.asks_to_look_first(request):
        return []
    if posting.made_before(request.user, **form.cleaned_data):
        return []
    seen = composing.said_number(request, "seen")
    return meanwhile.answers(place.topic, since=seen, reader=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def retitle(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    editing.require_may_retitle(request.user, topic)
    form = RetitleForm(
        posted(request),
        initial={"title": topic.title, "version": topic.title_version, **kept.take(request)},
        reason_required=permissions.retitle_needs_reason(request.user, topic),
    )
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            topic = editing.retitle(topic=topic, by=request.user, **form.cleaned_data)
        except TextRefused as refusal:
            form.add_error(refusal.field, refusal.words)
        except TitleConflict as conflict:
            topic, status = conflict.topic, 409
            form.restart_from(topic.title_version)
            form.add_error(
                "title", f"It was changed to “{topic.title}” meanwhile. Send yours again to replace it."
            )
        else:
            messages.success(request, f"The title is “{topic.title}” now.")
            return redirect(topic)
    return render(request, "forum/retitle.html", {"topic": topic, "form": form}, status=status)
