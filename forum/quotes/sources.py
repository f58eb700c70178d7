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
    can't read that post, words that the named post does not say itself are never attributed to the named post: they
    might be copied from before it was hidden. Whether they are makes no difference, so that guessing reveals
    nothing."""
    wanted = list(quotes)
    named = Post.objects.in_bulk({quote.post for quote in wanted}) if wanted else {}
    said = _own_words_of(wanted, named)
    sources, elsewhere = list[Source](), list[int]()
    for n, quote in enumerate(wanted):
        theirs = said.get((quote.post, quote.revision))
        is_theirs = theirs is not None and is_word_for_word(plain_text_of(quote.html), theirs)
        post = quote.post if quote.post in named else None
        sources.append(Source(post, quote.revision, is_theirs))
        if theirs is not None and not is_theirs:
            elsewhere.append(n)
    quoted = _Quoted(((wanted[n].post, wanted[n].revision) for n in elsewhere), by)
    for n in elsewhere:
        sources[n] = quoted.source_of(wanted[n]) or sources[n]
    return sources


def readable(said: Iterable[RevisionKey], person: Person) -> set[RevisionKey]:
    """Returns those of these revisions that this person can read."""
    wanted = set(said)
    if not wanted:
        return set()
    ids = {pk for pk, _ in wanted}
    posts = set(Post.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    hidden = HiddenRevision.objects.hidden_from(person).filter(post__in=posts)
    return {one for one in wanted if one[0] in posts} - set(hidden.values_list("post", "number"))


class _Quoted:
    """The quotes in some revisions of posts."""

    def __init__(self, by_whom: Iterable[RevisionKey], reader: Person | None) -> None:
        self.rows: dict[RevisionKey, list[Quote]] = defaultdict(list)
        self.words: dict[int, PlainText] = {}
        wanted = set(by_whom)
        if wanted:
            rows = Quote.objects.filter(
                post__in={pk for pk, _ in wanted},
                revision__in={n for _, n in wanted},
                quoted_post__isnull=False,
            )
            for row in rows.order_by("number"):
                self.rows[row.post_id, row.revision].append(row)
        of = {_of(row) for said in wanted for row in self.rows[said]}
        self.readable = of if reader is None else readable(of, reader)

    def source_of(self, quote: ExtractedQuote) -> Source | None:
        rows, words = self.rows[quote.post, quote.revision], plain_text_of(quote.html)
        found = [row for row in rows if _of(row) in self.readable and self._holds(row, words)]
        found += [row for row in rows if _of(row) not in self.readable]
        if not found:
            return None
        row = found[0]
        is_said = row.is_word_for_word and self._holds(row, words)
        return Source(row.quoted_post_id, row.quoted_revision, is_said)

    def _holds(self, row: Quote, words: PlainText) -> bool:
        if row.pk not in self.words:
            self.words[row.pk] = plain_text_of(row.html)
        return is_word_for_word(words, self.words[row.pk])


def _of(row: Quote) -> RevisionKey:
    return row.quoted_post_id or 0, row.quoted_revision


def _own_words_of(quotes: list[ExtractedQuote], posts: dict[int, Post]) -> dict[RevisionKey, PlainText]:
    """Returns the own words of these revisions."""
    wanted = {(quote.post, quote.revision) for quote in quotes if quote.post in posts}
    said = {(pk, n): posts[pk].html for pk, n in wanted if posts[pk].version == n}
    if earlier := wanted - said.keys():
        revisions = Revision.objects.filter(
            post__in={pk for pk, _ in earlier}, number__in={n for _, n in earlier}
        )
        said |= {(pk, n): html for pk, n, html in revisions.values_list("post", "number", "html")}
    return {key: plain_text_of(html) for key, html in said.items() if key in wanted}
