from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.asking import MemberRequest, members_only, posted
from accounts.models import Person
from forum import editing, permissions, posting, unread, versions
from forum.answers import answering_refusals
from forum.forms import ReplyForm, RetitleForm
from forum.fragments import fragment_of
from forum.models import Topic
from forum.models.topic import page_of
from forum.paging import asked_page
from forum.quoted import quotes_in
from forum.quoting import quotes_of, quotes_to_add
from forum.refusals import TitleConflict
from forum.showing import show
from forum.views.quotes import asked_quotes


def visible_topic(person: Person, pk: int) -> Topic:
    return get_object_or_404(Topic.objects.visible_to(person).with_state(), pk=pk)


@require_safe
def topic(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    person = request.user
    standing = unread.standing(person, pk)
    if standing is None:
        raise Http404
    number = asked_page(request, page_of(max(standing.last_position, 1)))
    key = (pk, standing.version, standing.epoch, number)
    fragment = fragment_of(*key)
    topic = fragment.topic
    if slug != topic.slug:
        # Permanent for search engines; not to be kept by browsers, since the title may change back.
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        moved = HttpResponsePermanentRedirect(topic.get_absolute_url() + query)
        moved["Cache-Control"] = "no-cache"
        return moved
    if standing.reached and fragment.posts and request.method == "GET":
        unread.remember(person, topic, standing.reached, fragment.places[-1])
    page = fragment.page_of(person, instead=_read_instead(person, topic))
    quotes = quotes_in(fragment.quoting, person)
    answer = HttpResponse(show(request, page, fragment, key, standing.reached, quotes))
    # Of this topic the number that was read with its posts, which may be older than the one read with the quotes.
    return versions.rest(answer, quotes.stamp, versions.of_topic(topic, page.instead))


def _read_instead(person: Person, topic: Topic) -> Topic | None:
    """For those who may read it. Asked for every time: what is kept of this topic knows nothing of its changes."""
    pk = topic.closure.read_instead_id if topic.is_closed else None
    return Topic.objects.visible_to(person).filter(pk=pk).first() if pk else None


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@answering_refusals
def reply(request: MemberRequest, pk: int, slug: str) -> HttpResponse:
    topic = visible_topic(request.user, pk)
    if (
        request.method != "POST"
    ):  # a repeated POST leads to what it made, even when the topic is closed by now
        posting.require_may_reply(request.user, topic)
    quoted = asked_quotes(request, request.user)
    form = ReplyForm(posted(request), initial={"body": quotes_of(quoted), **kept.take(request)})
    if request.method == "POST" and form.is_valid():
        return redirect(posting.reply(topic=topic, by=request.user, **form.cleaned_data))
    posting.require_may_reply(request.user, topic)
    status = 422 if form.is_bound else 200
    more = quotes_to_add(topic, quoted) if quoted and not form.is_bound else []
    shown = {"topic": topic, "form": form, "quoted": quoted, "more": more}
    return render(request, "forum/reply.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@answering_refusals
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
