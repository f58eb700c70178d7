"""The source of a quote: the post that it names, or a post which that post quotes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Person
from core.text.plain_text import PlainText, is_word_for_word, plain_text_of
from core.text.quotes import ExtractedQuote
from forum.models import HiddenRevision, Post, Quote, Revision

RevisionKey = tuple[int, int]  # a post, and a revision of it


@dataclass(frozen=True)
class Source:
    post: int | None  # None: there is no such post
    revision: int
    is_word_for_word: bool


def sources_of(quotes: Iterable[ExtractedQuote], *, by: Person | None) -> list[Source]:
    """Returns the source of each of these quotes in a text of `by`, who is None for a text that is saved already.

    Words from a quote inside the named post belong to the post quoted there, and are hidden with it. If the writer
    can't read that post, words that are not in the named post's own text are never attributed to it: they
    might be copied from before it was hidden. Whether they are makes no difference, so that guessing reveals
    nothing."""
    extracted_quotes = list(quotes)
    posts = Post.objects.in_bulk({quote.post for quote in extracted_quotes}) if extracted_quotes else {}
    texts = _own_words_of(extracted_quotes, posts)
    sources, remaining = list[Source](), list[int]()
    for n, quote in enumerate(extracted_quotes):
        own_text = texts.get((quote.post, quote.revision))
        is_in_own_text = own_text is not None and is_word_for_word(plain_text_of(quote.html), own_text)
        post = quote.post if quote.post in posts else None
        sources.append(Source(post, quote.revision, is_in_own_text))
        if own_text is not None and not is_in_own_text:
            remaining.append(n)
    inner_quotes = _InnerQuotes(
        ((extracted_quotes[n].post, extracted_quotes[n].revision) for n in remaining), by
    )
    for n in remaining:
        sources[n] = inner_quotes.source_of(extracted_quotes[n]) or sources[n]
    return sources


def readable(revisions: Iterable[RevisionKey], person: Person) -> set[RevisionKey]:
    """Returns those of these revisions that this person can read."""
    keys = set(revisions)
    if not keys:
        return set()
    ids = {pk for pk, _ in keys}
    posts = set(Post.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    hidden = HiddenRevision.objects.hidden_from(person).filter(post__in=posts)
    return {key for key in keys if key[0] in posts} - set(hidden.values_list("post", "number"))


class _InnerQuotes:
    """The quotes in some revisions of posts."""

    def __init__(self, revisions: Iterable[RevisionKey], reader: Person | None) -> None:
        self.rows: dict[RevisionKey, list[Quote]] = defaultdict(list)
        self.texts: dict[int, PlainText] = {}
        keys = set(revisions)
        if keys:
            rows = Quote.objects.filter(
                post__in={pk for pk, _ in keys},
                revision__in={n for _, n in keys},
                quoted_post__isnull=False,
            )
            for row in rows.order_by("number"):
                self.rows[row.post_id, row.revision].append(row)
        source_keys = {_source_key(row) for key in keys for row in self.rows[key]}
        self.readable = source_keys if reader is None else readable(source_keys, reader)

    def source_of(self, quote: ExtractedQuote) -> Source | None:
        rows, text = self.rows[quote.post, quote.revision], plain_text_of(quote.html)
        matches = [row for row in rows if _source_key(row) in self.readable and self._holds(row, text)]
        matches += [row for row in rows if _source_key(row) not in self.readable]
        if not matches:
            return None
        row = matches[0]
        is_word_for_word_there = row.is_word_for_word and self._holds(row, text)
        return Source(row.quoted_post_id, row.quoted_revision, is_word_for_word_there)

    def _holds(self, row: Quote, text: PlainText) -> bool:
        if row.pk not in self.texts:
            self.texts[row.pk] = plain_text_of(row.html)
        return is_word_for_word(text, self.texts[row.pk])


def _source_key(row: Quote) -> RevisionKey:
    return row.quoted_post_id or 0, row.quoted_revision


def _own_words_of(quotes: list[ExtractedQuote], posts: dict[int, Post]) -> dict[RevisionKey, PlainText]:
    """Returns the own words of these revisions."""
    keys = {(quote.post, quote.revision) for quote in quotes if quote.post in posts}
    html_by_key = {(pk, n): posts[pk].html for pk, n in keys if posts[pk].version == n}
    if old_keys := keys - html_by_key.keys():
        revisions = Revision.objects.filter(
            post__in={pk for pk, _ in old_keys}, number__in={n for _, n in old_keys}
        )
        html_by_key |= {(pk, n): html for pk, n, html in revisions.values_list("post", "number", "html")}
    return {key: plain_text_of(html) for key, html in html_by_key.items() if key in keys}
