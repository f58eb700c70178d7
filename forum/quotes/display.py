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

_FACTS = {
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
    words: str = ""
    name: str = ""
    address: str = ""
    topic_title: str = ""  # if it is another topic
    topic_address: str = ""
    is_changed: bool = False  # the post was edited since
    changes: str = ""  # URL of the changes, if the reader can see them
    is_word_for_word: bool = True
    is_removed: bool = False
    is_for_some: bool = False  # not everyone who can read this text can read the quoted post


@dataclass(frozen=True)
class Quotes:
    """The quotes in some texts, for one reader."""

    shown: Mapping[QuoteKey, ShownQuote] = field(default_factory=dict)
    lines: Mapping[QuoteKey, tuple[int, int]] = field(default_factory=dict)
    stamp: Dependencies = field(
        default_factory=dict
    )  # versions of the quoted posts' topics, which the page depends on
    _html: dict[QuoteKey, str] = field(default_factory=dict)

    def fill(self, text: RevisionKey, html: str) -> str:
        """Returns the HTML of a text with its quotes inserted."""
        return PLACEHOLDER.sub(lambda mark: self._quote((*text, int(mark[1]))), html)

    def at(self, fact: str) -> str:
        """Returns the quote for a slot."""
        post, revision, number = map(int, fact.split("."))
        return self._quote((post, revision, number))

    def hide_in(self, text: RevisionKey, body: str) -> str:
        """Returns the source text without the quotes that this reader can’t read."""
        hidden = [
            lines
            for place, lines in self.lines.items()
            if place[:2] == text and not self.shown[place].may_read
        ]
        if not hidden:
            return body
        typed = normalize(body).split("\n")
        told: list[str] = []
        at = 0
        for begins, ends in sorted(hidden):
            if begins >= at:  # else it is inside a hidden quote
                told += [*typed[at:begins], f"> ({gettext('You can’t read the quoted post.')})"]
                at = ends
        return "\n".join(told + typed[at:])

    def _quote(self, place: QuoteKey) -> str:
        if place not in self._html:
            # All at once: running a template takes longer than what it does.
            places = [place, *(other for other in self.shown if other not in self._html)]
            quotes = [self.shown.get(one, ShownQuote()) for one in places]
            html = render_to_string("forum/quotes/quotes.html", {"quotes": quotes, "edge": page_slots.EDGE})
            self._html.update(zip(places, html.split(page_slots.EDGE), strict=False))
        return self._html[place]


def revision_key(said: Post | Revision) -> RevisionKey:
    return (said.pk, said.version) if isinstance(said, Post) else (said.post_id, said.number)


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


def quotes_in(texts: Iterable[RevisionKey], person: Person) -> Quotes:
    """Returns the quotes in these revisions of posts."""
    wanted = set(texts)
    if not wanted:
        return Quotes()
    found = Quote.objects.filter(post__in={pk for pk, _ in wanted}, revision__in={n for _, n in wanted})
    said = ("post_id", "revision", "number", "begins", "ends", "quoted_post_id", "quoted_revision")
    facts = ("is_word_for_word", "may_read", "words", "is_of_hidden")
    asked = found.as_seen_by(person).values(*said, *facts, **{name: F(path) for name, path in _FACTS.items()})
    rows = [row for row in asked if (row["post_id"], row["revision"]) in wanted]
    places = [(row["post_id"], row["revision"], row["number"]) for row in rows]
    return Quotes(
        shown={place: _shown(row, person) for place, row in zip(places, rows, strict=True)},
        lines={place: (row["begins"], row["ends"]) for place, row in zip(places, rows, strict=True)},
        stamp={f"topic:{row['topic']}": row["topic_version"] for row in rows if row["topic"]},
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
        facts = post and {
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
                **(facts or {}),
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
    pk, was, is_now = row["quoted_post_id"], row["quoted_revision"], row["version"]
    history = f"{reverse('forum:history', args=[pk])}?from={was}&to={is_now}"
    is_elsewhere = row["topic"] != row["here"]
    section = Section(pk=row["section"], history_by=row["history_by"])
    may_compare = was < is_now and can_read_histories(person, section, of=row["author"])
    return ShownQuote(
        may_read=True,
        attribution=attribution(row["name"], pk, was),
        words=row["words"],
        name=row["name"],
        address=reverse("forum:post", args=[pk]),
        topic_title=row["title"] if is_elsewhere else "",
        topic_address=reverse("forum:topic", args=[row["topic"], slug_of(row["title"])])
        if is_elsewhere
        else "",
        is_changed=was < is_now,
        changes=history if may_compare else "",
        is_word_for_word=row["is_word_for_word"],
        is_removed=row["removal"] is not None,
        is_for_some=row.get("is_of_hidden", False)
        or is_restricted((row["section"], row["read_by"]), (row["here_section"], row["here_read_by"])),
    )
