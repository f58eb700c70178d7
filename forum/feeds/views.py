"""Atom feeds, the same for everyone. Nothing of the request may be in them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from forum.access.lookup import redirect_target
from forum.feeds import entries as feeds_entries
from forum.feeds.atom import CONTENT_TYPE, write_atom
from forum.feeds.entries import GUEST, Feed
from forum.models import Section, Topic
from forum.web.page_versions import Dependencies, cache_with, of_lists, of_section, of_topic


@require_safe
def topic(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    topic = Topic.objects.visible_to(GUEST).filter(pk=pk).first()
    if topic is None:
        if target := redirect_target(GUEST, pk):
            return redirect(target.url_for("topic_feed"))
        raise Http404
    return _respond(feeds_entries.topic_feed(topic), of_topic(topic))


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(GUEST), slug=slug)
    return _respond(feeds_entries.section_feed(section), of_section(section))


@require_safe
def newest_topics(request: HttpRequest) -> HttpResponse:
    return _respond(feeds_entries.newest_topics(), of_lists())


@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    return _respond(feeds_entries.announcements(), of_lists())


@require_safe
def highlights(request: HttpRequest) -> HttpResponse:
    # Every change of a post or a highlight changes its topic, and Topic.change raises the version of the lists.
    return _respond(feeds_entries.highlights(), of_lists())


def _respond(feed: Feed, *dependencies: Dependencies) -> HttpResponse:
    # The feed's own topic last: its version was read before the posts.
    return cache_with(
        HttpResponse(write_atom(feed), content_type=CONTENT_TYPE), feed.dependencies, *dependencies
    )
