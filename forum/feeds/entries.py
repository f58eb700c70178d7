"""The entries of each feed, newest first. Only what guests may see, since a feed reader has no session."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum.models import Highlight, Post, Removal, Revision, Section, Topic
from forum.models.post import PostQuerySet
from forum.models.topic import TopicQuerySet
from forum.quotes.display import RevisionKey, has_quotes, quotes_in, revision_key
from forum.web.page_versions import Dependencies

ENTRIES_MAX = 20
MAX_POSITIONS = 100
GUEST = AnonymousUser()


@dataclass(frozen=True)
class Entry:
    post: Post  # with its author and topic
    revision: RevisionKey
    html: str
    updated: datetime

    @property
    def title(self) -> str:
        """The title of the topic, with the position for replies."""
        title = self.post.topic.title
        return title if self.post.is_original else f"{title} #{self.post.position}"


@dataclass(frozen=True)
class Feed:
    title: str
    page_url: str  # the URL of the matching page
    url: str
    entries: list[Entry]
    permanent_url: str = ""  # a URL that never changes, if `url` may
    dependencies: Dependencies = field(
        default_factory=dict
    )  # of the topics of the posts that its entries quote


def _with_quotes(feed: Feed) -> Feed:
    """Fills in the quotes that guests may read."""
    quotes = quotes_in([entry.revision for entry in feed.entries if has_quotes(entry.html)], GUEST)
    entries = [replace(entry, html=quotes.fill(entry.revision, entry.html)) for entry in feed.entries]
    return replace(feed, entries=entries, dependencies=quotes.dependencies)


def topic_feed(topic: Topic) -> Feed:
    """Returns the newest posts of the topic."""
    # Only the last positions, a range in the index however long the topic is. If most of them are removed, the feed is
    # short.
    last = Post.objects.visible_to(GUEST).filter(
        topic=topic, position__gt=topic.last_position - MAX_POSITIONS
    )
    feed = Feed(
        title=topic.title,
        page_url=topic.get_absolute_url(),
        url=topic.url_for("topic_feed"),
        entries=_current_entries(last.order_by("-position")[:ENTRIES_MAX]),
        # Any slug works, and the title may change.
        permanent_url=reverse("forum:topic_feed", args=[topic.pk, "topic"]),
    )
    return _with_quotes(feed)


def section_feed(section: Section) -> Feed:
    feed = Feed(
        title=section.name,
        page_url=section.get_absolute_url(),
        url=reverse("forum:section_feed", args=[section.slug]),
        entries=_original_posts(Topic.objects.filter(section=section)),
    )
    return _with_quotes(feed)


def newest_topics() -> Feed:
    """Returns the newest topics of all sections."""
    return _home_feed(_("New topics"), "feed", _original_posts(Topic.objects.all()))


def announcements() -> Feed:
    sections = Section.objects.announcements().values("pk")
    entries = _original_posts(Topic.objects.filter(section__in=sections))
    return _home_feed(_("Announcements"), "announcements_feed", entries)


def highlights() -> Feed:
    """Returns the highlighted posts, each in its highlighted revision."""
    visible = Highlight.objects.filter(topic__in=Topic.objects.visible_to(GUEST).values("pk"))
    newest = visible.order_by("-highlighted_at", "-pk").values_list("post", flat=True)[:ENTRIES_MAX]
    highlighted_revision = Revision.objects.filter(
        post=OuterRef("pk"), number=OuterRef("highlight__revision")
    )
    posts: Any = (
        # A list, not a subquery: joined to all visible posts, twenty of 20,000 highlights took two seconds.
        Post.objects.visible_to(GUEST)
        .filter(pk__in=list(newest), highlight__isnull=False)
        .select_related("author", "topic", "highlight")
        .annotate(html_before=Subquery(highlighted_revision.values("html")))
        .order_by("-highlight__highlighted_at", "-highlight__pk")
    )
    return _home_feed(_("Highlighted posts"), "highlights_feed", [_highlighted_entry(post) for post in posts])


def _home_feed(title: str, name: str, entries: list[Entry]) -> Feed:
    return _with_quotes(Feed(title, reverse("forum:home"), reverse(f"forum:{name}"), entries))


def _original_posts(topics: TopicQuerySet) -> list[Entry]:
    """Returns the original posts of the newest of these topics, ordered by id to use the index of the primary key."""
    removed = Removal.objects.filter(post__topic=OuterRef("pk"), post__position=1)
    newest = topics.visible_to(GUEST).exclude(Exists(removed)).order_by("-pk").values("pk")[:ENTRIES_MAX]
    return _current_entries(
        Post.objects.visible_to(GUEST).filter(position=1, topic__in=newest).order_by("-topic_id")
    )


def _current_entries(posts: PostQuerySet) -> list[Entry]:
    shown = posts.select_related("author", "topic")
    return [Entry(post, revision_key(post), post.html, post.edited_at or post.posted_at) for post in shown]


def _highlighted_entry(post: Any) -> Entry:
    """Dates the entry by the highlight, or by a later edit by staff, which the highlight includes."""
    highlight: Highlight = post.highlight
    if highlight.is_outdated:
        note = _("The author has edited this post since. This is the revision that staff highlighted.")
        html = post.html_before + format_html("<p><em>{}</em></p>", note)
        return Entry(post, (post.pk, highlight.revision), html, highlight.highlighted_at)
    return Entry(
        post, revision_key(post), post.html, max(highlight.highlighted_at, post.edited_at or post.posted_at)
    )
