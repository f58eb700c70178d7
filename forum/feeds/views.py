"""Atom feeds, the same for everyone. Nothing of the request may be in them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from forum.access import merged_topics as merged
from forum.feeds import entries as feeds
from forum.feeds.atom import CONTENT_TYPE, atom
from forum.feeds.entries import GUEST, Feed
from forum.models import Section, Topic
from forum.web import page_versions as versions
from forum.web.page_versions import Stamp


@require_safe
def topic(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    topic = Topic.objects.visible_to(GUEST).filter(pk=pk).first()
    if topic is None:
        if into := merged.leads_to(GUEST, pk):
            return redirect(into.url_for("topic_feed"))
        raise Http404
    return _answer(feeds.topic_feed(topic), versions.of_topic(topic))


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(GUEST), slug=slug)
    return _answer(feeds.section_feed(section), versions.of_section(section))


@require_safe
def newest_topics(request: HttpRequest) -> HttpResponse:
    return _answer(feeds.newest_topics(), versions.of_lists())


@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    return _answer(feeds.announcements(), versions.of_lists())


@require_safe
def highlights(request: HttpRequest) -> HttpResponse:
    # Every change of a post or a highlight changes its topic, and Topic.change raises the version of the lists.
    return _answer(feeds.highlights(), versions.of_lists())


def _answer(feed: Feed, *rests_on: Stamp) -> HttpResponse:
    # The feed's own topic last: its version was read before the posts.
    return versions.rest(HttpResponse(atom(feed), content_type=CONTENT_TYPE), feed.stamp, *rests_on)
