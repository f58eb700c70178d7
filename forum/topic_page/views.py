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
    standing = topic_page_state(person, pk)
    if standing is None:
        return _redirect_permanently(_merge_target(person, pk).get_absolute_url())
    number = requested_page(request, page_of(max(standing.last_position, 1)))
    fragment = get_fragment(pk, standing.version, standing.epoch, number)
    topic = fragment.topic
    if slug != topic.slug:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return _redirect_permanently(topic.get_absolute_url() + query)
    page = fragment.page_of(person, instead=_continues_in(person, topic))
    # No query if there can be no marks.
    own = marks_on(person, fragment.posts) if fragment.is_thanked or standing.has_own else {}
    votes = votes_of(person, fragment.poll.poll) if fragment.poll else frozenset()
    quotes = quotes_in(fragment.quoting, person)
    until = changes_at(fragment.poll)
    staff_said = notes_under(person, fragment.posts) if standing.has_staff_replies else None
    waiting = render_for_topic(request, topic) if standing.has_waiting else ""
    shown = render_page(
        request,
        page,
        fragment,
        fragment.key,
        standing.reached,
        own,
        quotes,
        standing.draft,
        votes,
        staff_said=staff_said,
        waiting=waiting,
    )
    # For this topic, the version that was read with its posts: it may be older than the one read with the quotes.
    return cache_with(HttpResponse(shown), quotes.stamp, of_topic(topic, page.instead), until=until)


def _merge_target(person: Person, pk: int) -> Topic:
    into = redirect_target(person, pk)
    if into is None:
        raise Http404
    return into


def _redirect_permanently(address: str) -> HttpResponse:
    """Redirects search engines. Browsers must not cache it: titles may change back, and merges may be undone."""
    moved = HttpResponsePermanentRedirect(address)
    moved["Cache-Control"] = "no-cache"
    return moved


def _continues_in(person: Person, topic: Topic) -> Topic | None:
    """Returns where a closed topic continues, if this person can read that. Not cached: its changes don’t touch this
    topic."""
    pk = topic.current_closure.read_instead_id if topic.is_closed else None
    return Topic.objects.visible_to(person).filter(pk=pk).first() if pk else None
