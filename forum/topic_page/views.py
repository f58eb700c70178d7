from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from accounts.models import Person
from forum.access.lookup import redirect_target
from forum.approval.display import render_for_topic
from forum.models import Topic
from forum.models.topic import page_of
from forum.polls.polls import changes_at
from forum.polls.vote import votes_of
from forum.quotes.display import quotes_in
from forum.topic_page.fragment_cache import get_fragment
from forum.topic_page.page_state import topic_page_state
from forum.topic_page.reader_marks import marks_on
from forum.topic_page.render import render_page
from forum.topic_page.staff_replies import notes_under
from forum.web.page_versions import cache_with, of_topic
from forum.web.pagination import requested_page


@require_safe
def topic(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    person = request.user
    state = topic_page_state(person, pk)
    if state is None:
        return _redirect_permanently(_merge_target(person, pk).get_absolute_url())
    number = requested_page(request, page_of(max(state.last_position, 1)))
    fragment = get_fragment(pk, state.version, state.epoch, number)
    topic = fragment.topic
    if slug != topic.slug:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return _redirect_permanently(topic.get_absolute_url() + query)
    page = fragment.page_of(person, related_topic=_continues_in(person, topic))
    # No query if there can be no marks.
    marks = marks_on(person, fragment.posts) if fragment.is_thanked or state.has_marks else {}
    votes = votes_of(person, fragment.poll.poll) if fragment.poll else frozenset()
    quotes = quotes_in(fragment.revisions_with_quotes, person)
    until = changes_at(fragment.poll)
    staff_notes = notes_under(person, fragment.posts) if state.has_staff_replies else None
    pending = render_for_topic(request, topic) if state.has_pending else ""
    html = render_page(
        request,
        page,
        fragment,
        fragment.key,
        state.progress,
        marks,
        quotes,
        state.draft,
        votes,
        staff_notes=staff_notes,
        pending=pending,
    )
    # For this topic, the version that was read with its posts: it may be older than the one read with the quotes.
    return cache_with(
        HttpResponse(html), quotes.dependencies, of_topic(topic, page.related_topic), until=until
    )


def _merge_target(person: Person, pk: int) -> Topic:
    target = redirect_target(person, pk)
    if target is None:
        raise Http404
    return target


def _redirect_permanently(url: str) -> HttpResponse:
    """Redirects search engines. Browsers must not cache it: titles may change back, and merges may be undone."""
    response = HttpResponsePermanentRedirect(url)
    response["Cache-Control"] = "no-cache"
    return response


def _continues_in(person: Person, topic: Topic) -> Topic | None:
    """Returns where a closed topic continues, if this person can read that. Not cached: its changes don’t touch this
    topic."""
    pk = topic.current_closure.read_instead_id if topic.is_closed else None
    return Topic.objects.visible_to(person).filter(pk=pk).first() if pk else None
