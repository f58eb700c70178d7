"""The quotes in posts, as one reader sees them. A page reads all of them with one query, or none if no text has a
quote. A quote that is not found is shown as unavailable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Person
from core.text.normalize import normalize
from core.text.quotes import PLACEHOLDER, attribution
from core.text.slugs import slug_of
from core.web import page_slots
from forum.access.permissions import can_read_histories
from forum.models import HiddenRevision, Post, Quote, Revision, Section, Topic
from forum.web.page_versions import Dependencies

RevisionKey = tuple[int, int]  # a post, and the revision of it that is shown
QuoteKey = tuple[int, int, int]  # and the number of a quote in it
Audience = tuple[int, str]  # a section, and who reads it
DRAFT: RevisionKey = (0, 0)  # a text that is not saved yet

_FIELDS = {
    "name": "quoted_post__author__name",
    "version": "quoted_post__version",
    "topic": "quoted_post__topic",
    "topic_version": "quoted_post__topic__version",
    "title": "quoted_post__topic__title",
    "section": "quoted_post__topic__section",
    "read_by": "quoted_post__topic__section__read_by",
    "removal": "quoted_post__removal",
    "author": "quoted_post__author",
    "history_by": "quoted_post__topic__section__history_by",
    "here": "post__topic",
    "here_section": "post__topic__section",
    "here_read_by": "post__topic__section__read_by",
}


@dataclass(frozen=True)
class ShownQuote:
    """A quote for its template. Empty if the reader can’t read it."""

    may_read: bool = False
    attribution: str = ""  # the first line of a quote of the same words
    html: str = ""
    name: str = ""
    url: str = ""
    topic_title: str = ""  # if it is another topic
    topic_url: str = ""
    is_changed: bool = False  # the post was edited since
    changes_url: str = ""  # URL of the changes, if the reader can see them
    is_word_for_word: bool = True
    is_removed: bool = False
    is_for_some: bool = False  # not everyone who can read this text can read the quoted post


@dataclass(frozen=True)
class Quotes:
    """The quotes in some texts, for one reader."""

    shown: Mapping[QuoteKey, ShownQuote] = field(default_factory=dict)
    lines: Mapping[QuoteKey, tuple[int, int]] = field(default_factory=dict)
    dependencies: Dependencies = field(
        default_factory=dict
    )  # versions of the quoted posts' topics, which the page depends on
    _html: dict[QuoteKey, str] = field(default_factory=dict)

    def fill(self, key: RevisionKey, html: str) -> str:
        """Returns the HTML of a text with its quotes inserted."""
        return PLACEHOLDER.sub(lambda mark: self._quote((*key, int(mark[1]))), html)

    def at(self, value: str) -> str:
        """Returns the quote for a slot."""
        post, revision, number = map(int, value.split("."))
        return self._quote((post, revision, number))

    def hide_in(self, key: RevisionKey, body: str) -> str:
        """Returns the source text without the quotes that this reader can’t read."""
        hidden = [
            lines
            for quote_key, lines in self.lines.items()
            if quote_key[:2] == key and not self.shown[quote_key].may_read
        ]
        if not hidden:
            return body
        body_lines = normalize(body).split("\n")
        result: list[str] = []
        at = 0
        for begins, ends in sorted(hidden):
            if begins >= at:  # else it is inside a hidden quote
                result += [*body_lines[at:begins], f"> ({gettext('You can’t read the quoted post.')})"]
                at = ends
        return "\n".join(result + body_lines[at:])

    def _quote(self, quote_key: QuoteKey) -> str:
        if quote_key not in self._html:
            # All at once: running a template takes longer than what it does.
            quote_keys = [quote_key, *(other for other in self.shown if other not in self._html)]
            quotes = [self.shown.get(key, ShownQuote()) for key in quote_keys]
            html = render_to_string("forum/quotes/quotes.html", {"quotes": quotes, "edge": page_slots.EDGE})
            self._html.update(zip(quote_keys, html.split(page_slots.EDGE), strict=False))
        return self._html[quote_key]


def revision_key(revision: Post | Revision) -> RevisionKey:
    return (
        (revision.pk, revision.version) if isinstance(revision, Post) else (revision.post_id, revision.number)
    )


def has_quotes(html: str) -> bool:
    return "<!--quote " in html


def might_have_quotes(body: str) -> bool:
    """Whether the text might contain quotes."""
    return "/?revision=" in normalize(body)


def with_slots(post: Post) -> str:
    """Returns the post’s HTML with a slot for each quote."""
    return PLACEHOLDER.sub(
        lambda mark: page_slots.slot("quote", f"{post.pk}.{post.version}.{mark[1]}"), post.html
    )


def quotes_in(revisions: Iterable[RevisionKey], person: Person) -> Quotes:
    """Returns the quotes in these revisions of posts."""
    keys = set(revisions)
    if not keys:
        return Quotes()
    queryset = Quote.objects.filter(post__in={pk for pk, _ in keys}, revision__in={n for _, n in keys})
    columns = ("post_id", "revision", "number", "begins", "ends", "quoted_post_id", "quoted_revision")
    annotations = ("is_word_for_word", "may_read", "words", "is_of_hidden")
    values = queryset.as_seen_by(person).values(
        *columns, *annotations, **{name: F(path) for name, path in _FIELDS.items()}
    )
    rows = [row for row in values if (row["post_id"], row["revision"]) in keys]
    quote_keys = [(row["post_id"], row["revision"], row["number"]) for row in rows]
    return Quotes(
        shown={quote_key: _shown(row, person) for quote_key, row in zip(quote_keys, rows, strict=True)},
        lines={
            quote_key: (row["begins"], row["ends"]) for quote_key, row in zip(quote_keys, rows, strict=True)
        },
        dependencies={f"topic:{row['topic']}": row["topic_version"] for row in rows if row["topic"]},
    )


def quotes_in_draft(
    quotes: list[Quote], person: Person, *, section: Section, topic: Topic | None = None
) -> Quotes:
    """Returns the quotes that a text would have if it were posted there: fill(DRAFT, html) is its preview."""
    ids = {quote.quoted_post_id for quote in quotes if quote.quoted_post_id}
    readable = Post.objects.visible_to(person).filter(pk__in=ids).with_details().with_topic().in_bulk()
    hidden = set(
        HiddenRevision.objects.hidden_from(person).filter(post__in=readable).values_list("post", "number")
    )
    shown = {}
    for quote in quotes:
        is_hidden = (quote.quoted_post_id, quote.quoted_revision) in hidden
        post = None if is_hidden else readable.get(quote.quoted_post_id or 0)
        post_fields = post and {
            "name": post.author.name,
            "version": post.version,
            "topic": post.topic_id,
            "title": post.topic.title,
            "section": post.topic.section_id,
            "read_by": post.topic.section.read_by,
            "removal": post.is_removed or None,
            "author": post.author_id,
            "history_by": post.topic.section.history_by,
        }
        shown[(*DRAFT, quote.number)] = _shown(
            {
                **(post_fields or {}),
                "may_read": post is not None,
                "words": quote.html,
                "quoted_post_id": quote.quoted_post_id,
                "quoted_revision": quote.quoted_revision,
                "is_word_for_word": quote.is_word_for_word,
                "here": topic and topic.pk,
                "here_section": section.pk,
                "here_read_by": section.read_by,
            },
            person,
        )
    return Quotes(shown)


def is_restricted(quoted: Audience, here: Audience) -> bool:
    """Whether some who can read here can’t read the quoted post. Two different groups count as such."""
    everyone, members = Section.Audience.EVERYONE, Section.Audience.MEMBERS
    if quoted == here or quoted[1] == everyone or here[1] == Section.Audience.STAFF:
        return False
    return quoted[1] != members or here[1] == everyone


def _shown(row: Mapping[str, Any], person: Person) -> ShownQuote:
    if not row["may_read"]:
        return ShownQuote()
    pk, quoted_revision, current_revision = row["quoted_post_id"], row["quoted_revision"], row["version"]
    changes_url = f"{reverse('forum:history', args=[pk])}?from={quoted_revision}&to={current_revision}"
    is_other_topic = row["topic"] != row["here"]
    section = Section(pk=row["section"], history_by=row["history_by"])
    may_compare = quoted_revision < current_revision and can_read_histories(person, section, of=row["author"])
    return ShownQuote(
        may_read=True,
        attribution=attribution(row["name"], pk, quoted_revision),
        html=row["words"],
        name=row["name"],
        url=reverse("forum:post", args=[pk]),
        topic_title=row["title"] if is_other_topic else "",
        topic_url=reverse("forum:topic", args=[row["topic"], slug_of(row["title"])])
        if is_other_topic
        else "",
        is_changed=quoted_revision < current_revision,
        changes_url=changes_url if may_compare else "",
        is_word_for_word=row["is_word_for_word"],
        is_removed=row["removal"] is not None,
        is_for_some=row.get("is_of_hidden", False)
        or is_restricted((row["section"], row["read_by"]), (row["here_section"], row["here_read_by"])),
    )
