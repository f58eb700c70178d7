"""Placeholders for quotes that a writer can't read while editing the text around them. In the form a line replaces each
quote, and becomes the quote again when the text is sent: its words are not shown, and are not removed by accident.

The line names the revision of the post and the number of the quote in it. It is restored only where it becomes a quote:
in a code block, for example, its words would be visible to everyone, so the line stays."""

import re

from django.utils.translation import gettext

from accounts.models import Person
from core.text.markdown_parser import quotes_in
from core.text.normalize import normalize, typed_lines
from core.text.quotes import quoted_revisions
from forum.models import HiddenRevision, Post, Quote, Revision
from forum.quotes import display as quotes_display
from forum.quotes.display import QuoteKey, RevisionKey

Lines = list[str]
# The beginning of the line is not translated, so that it is recognized in every language.
_PLACEHOLDER = re.compile(r"> \(Quote ([0-9]{1,9})\.([0-9]{1,2}): [^()]*\)")
PLACEHOLDERS_MAX = 60  # in one text; further lines are not restored


class QuotePlaceholders:
    """The hidden quotes in some revisions of one post, for one person."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.placeholders: dict[str, str] = {}  # the placeholder of these words, the same in every revision

    def insert(self, key: RevisionKey, body: str) -> str:
        """Returns the source text with placeholders for hidden quotes."""
        if not quotes_display.might_have_quotes(body):
            return body
        lines, result, at = typed_lines(body), list[str](), 0
        hidden = _hidden(key, lines, self.person)
        for quote, (begins, ends) in sorted(hidden.items(), key=lambda item: item[1]):
            if begins >= at:  # else it is inside a hidden quote
                text = "\n".join(lines[begins:ends])
                placeholder = self.placeholders.setdefault(text, _line_for(quote))
                result, at = [*result, *lines[at:begins], placeholder], ends
        return "\n".join(result + lines[at:]) if result else body

    def restore(self, post: Post, body: str) -> str:
        """Returns what was sent, with the hidden quotes instead of their placeholders."""
        lines = typed_lines(body)
        matches = {n: mark for n, line in enumerate(lines) if (mark := _PLACEHOLDER.fullmatch(line.strip()))}
        if not matches:
            return body
        numbers = {n: (int(mark[1]), int(mark[2])) for n, mark in list(matches.items())[:PLACEHOLDERS_MAX]}
        texts = self._words_of(post, set(numbers.values()))
        restored = {n: texts[quote] for n, quote in numbers.items() if quote in texts}
        while restored:
            result, starts = list[str](), dict[int, int]()
            for n, line in enumerate(lines):
                starts[n] = len(result)
                result += restored.get(n, [line])
            cut = _cut_in(result)
            visible = {n for n, quote in restored.items() if not _is_cut(starts[n], len(quote), cut)}
            if not visible:
                self.placeholders |= {"\n".join(quote): lines[n].strip() for n, quote in restored.items()}
                return "\n".join(result)
            restored = {n: quote for n, quote in restored.items() if n not in visible}
        return body

    def _words_of(self, post: Post, quotes: set[tuple[int, int]]) -> dict[tuple[int, int], Lines]:
        """Returns the source lines of these quotes, by revision and number. Quotes from a revision that is hidden from
        this person are not restored."""
        numbers = {revision for revision, _ in quotes}
        hidden = HiddenRevision.objects.hidden_from(self.person).filter(post=post, number__in=numbers)
        old_revisions = Revision.objects.filter(post=post, number__in=numbers)
        bodies = dict(old_revisions.exclude(number__in=hidden.values("number")).values_list("number", "body"))
        bodies |= {post.version: post.body} if post.version in numbers else {}
        rows = Quote.objects.filter(post=post, revision__in=bodies)
        return {
            (revision, number): typed_lines(bodies[revision])[begins:ends]
            for revision, number, begins, ends in rows.values_list("revision", "number", "begins", "ends")
            if (revision, number) in quotes
        }


def would_reveal(body: str, of: Post, *, to: Person) -> bool:
    """Whether this text would make words of a quote visible to everyone that this person can’t read themselves."""
    if not quotes_display.might_have_quotes(of.body):
        return False
    old_lines, lines = typed_lines(of.body), typed_lines(body)
    hidden = _hidden(quotes_display.revision_key(of), old_lines, to).values()
    cut = _cut_in(lines) if hidden else {}
    for begins, ends in hidden:
        quote = old_lines[begins:ends]
        starts = [n for n in range(len(lines)) if lines[n : n + len(quote)] == quote]
        if not all(_is_cut(n, len(quote), cut) for n in starts):
            return True
    return False


def _hidden(key: RevisionKey, lines: Lines, person: Person) -> dict[QuoteKey, tuple[int, int]]:
    """Returns the quotes of a text that this person can't read, and their lines. A quote that is saved without a post
    is judged by the posts that its lines name."""
    quotes = quotes_display.quotes_in([key], person)
    unreadable = {
        quote: line_range for quote, line_range in quotes.lines.items() if not quotes.shown[quote].may_read
    }
    named_revisions = {
        quote: quoted_revisions("\n".join(lines[begins:ends])) for quote, (begins, ends) in unreadable.items()
    }
    posts = {post for revisions in named_revisions.values() for post, _ in revisions}
    if not posts:
        return unreadable
    with_post = Quote.objects.filter(post=key[0], revision=key[1], quoted_post__isnull=False)
    numbers = set(with_post.values_list("number", flat=True))
    readable = set(Post.objects.visible_to(person).filter(pk__in=posts).values_list("pk", flat=True))
    hidden = set(
        HiddenRevision.objects.hidden_from(person).filter(post__in=readable).values_list("post", "number")
    )
    return {
        quote: line_range
        for quote, line_range in unreadable.items()
        if quote[2] in numbers
        or not named_revisions[quote]
        or hidden & named_revisions[quote]
        or not all(post in readable for post, _ in named_revisions[quote])
    }


def _line_for(quote: QuoteKey) -> str:
    explanation = gettext("You can’t read the quoted post. Keep this line to keep the quote.")
    return f"> (Quote {quote[1]}.{quote[2]}: {explanation})"


def _cut_in(lines: Lines) -> dict[int, int]:
    """Returns where quotes that are cut out of the HTML begin and end."""
    extracted = quotes_in(normalize("\n".join(lines)))
    return dict(extracted.left_out) | {cited.begins: cited.ends for cited in extracted.cited}


def _is_cut(begins: int, length: int, cut: dict[int, int]) -> bool:
    return cut.get(begins, 0) >= begins + length
