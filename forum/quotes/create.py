"""Quote a post in another: put its words into a text, and save what a text quotes."""

from collections.abc import Iterable
from dataclasses import replace

from accounts.models import Person
from core.text import Rendered, Source, graphemes, render
from core.text.markdown_parser import blocks_of
from core.text.normalize import normalize
from core.text.plain_text import PlainText, is_word_for_word, plain_text_of
from core.text.quotes import OMITTED, LineRange, attribution, is_attribution
from core.text.references import References
from forum.models import Post, Quote, Topic
from forum.quotes.display import might_have_quotes
from forum.quotes.sources import sources_of

QUOTE_MAX = 1_200  # characters of a quote that Belfry inserts; a writer can quote more
QUOTES_PER_URL = 10  # posts that one URL quotes
SUGGESTED_AMONG = 20


def find_quotes(rendered: Rendered, *, by: Person | None) -> list[Quote]:
    """Returns the quotes in a text as unsaved rows. `by` is its writer, or None for a text that is saved already. Each
    row records whether these are the words of that revision. Only readers of the quoted post see that, and the writer's
    own rights don't affect it, so that quoting reveals nothing about hidden text."""
    sources = sources_of(rendered.quotes, by=by)
    found = [
        Quote(
            number=number,
            begins=quote.begins,
            ends=quote.ends,
            quoted_post_id=source.post,
            quoted_revision=source.revision,
            is_word_for_word=source.is_word_for_word,
            html=quote.html,
        )
        for number, (quote, source) in enumerate(zip(rendered.quotes, sources, strict=True))
    ]
    return found + [
        Quote(
            number=number,
            begins=begins,
            ends=ends,
            quoted_revision=0,
            is_word_for_word=False,
        )
        for number, (begins, ends) in enumerate(rendered.left_out, start=len(found))
    ]


def save_quotes(post: Post, quotes: list[Quote], *, revision: int | None = None) -> None:
    """Saves the quotes of this revision. Call it in the transaction that writes the revision."""
    for quote in quotes:
        quote.post, quote.revision = post, revision or post.version
    if quotes:
        Quote.objects.bulk_create(quotes)


def rerender(post: Post, source: Source, *, revision: int, references: References) -> Rendered:
    """Renders the text of a revision again. Lines that were quotes before are cut out again, even if the new renderer
    sees code in them: quotes were promised to disappear with the quoted post."""
    lines = source.text.split("\n")
    saved_ranges = Quote.objects.filter(post=post, revision=revision).values_list("begins", "ends")
    quoted_lines = {
        n
        for begins, ends in saved_ranges
        for n in range(begins, ends)
        if lines[n:] and lines[n].strip(" \t>")
    }
    left_out_lines = set[int]()
    rendered = source.render(refers_to=references)
    while uncovered := quoted_lines - left_out_lines - _lines_cut(rendered):
        left_out_lines |= uncovered
        for n in uncovered:
            lines[n] = "" if n - 1 in uncovered else OMITTED
        rendered = render("\n".join(lines), refers_to=references)
    return replace(rendered, left_out=(*rendered.left_out, *_runs(left_out_lines)))


def _lines_cut(rendered: Rendered) -> set[int]:
    ranges = [(quote.begins, quote.ends) for quote in rendered.quotes] + list(rendered.left_out)
    return {n for begins, ends in ranges for n in range(begins, ends)}


def _runs(numbers: set[int]) -> list[LineRange]:
    begins = sorted(n for n in numbers if n - 1 not in numbers)
    ends = sorted(n + 1 for n in numbers if n + 1 not in numbers)
    return list(zip(begins, ends, strict=True))


def save_rerendered_quotes(post: Post, rendered: Rendered, *, revision: int) -> None:
    """Saves the quotes of a text that was rendered again. A quote that was found to come from another post than it
    names keeps its source, and is hidden with it."""
    quotes, old_quotes = find_quotes(rendered, by=None), Quote.objects.filter(post=post, revision=revision)
    old_by_lines = {(quote.begins, quote.ends): quote for quote in old_quotes}
    for extracted, quote in zip(rendered.quotes, quotes, strict=False):
        old_quote = old_by_lines.get((quote.begins, quote.ends))
        if old_quote and old_quote.quoted_post_id not in (None, extracted.post):
            quote.quoted_post_id, quote.quoted_revision = old_quote.quoted_post_id, old_quote.quoted_revision
            quote.is_word_for_word = old_quote.is_word_for_word
    old_quotes.delete()
    save_quotes(post, quotes, revision=revision)


def append_quotes(body: str, quotes: Iterable[str]) -> str:
    """Returns the text with these quotes below it, without those that it contains already."""
    existing_text = f"{normalize(body)}\n"
    new = [quote for quote in quotes if f"{quote}\n" not in existing_text]
    prefix = f"{body.rstrip()}\n\n" if body.strip() and new else body
    return prefix + "".join(f"{quote}\n\n" for quote in new)


def quote_of(post: Post) -> str:
    """Returns the post’s own words as a quote; of a long post, the beginning."""
    text = _beginning(_own_words(post), plain_text_of(post.html))
    lines = [line.replace("[", "\\[", 1) if is_attribution(line) else line for line in text.split("\n")]
    attribution_line = attribution(post.author.name, post.pk, post.version)
    return "\n".join([f"> {attribution_line}", *(f"> {line}".rstrip(" ") for line in lines if text)])


def quotable(ids: Iterable[int], *, by: Person) -> list[Post]:
    """Returns those of these posts, in this order, that this person can quote."""
    wanted_ids = list(dict.fromkeys(ids))[:QUOTES_PER_URL]
    if not wanted_ids:
        return []
    queryset = (
        Post.objects.visible_to(by)
        .filter(pk__in=wanted_ids, removal=None)
        .select_related("author", "topic__section")
    )
    posts = {post.pk: post for post in queryset}
    return [posts[pk] for pk in wanted_ids if pk in posts]


def quotes_to_add(topic: Topic, quoted: list[Post]) -> list[Post]:
    """Returns the newest posts of this topic that a reply could quote as well."""
    if len(quoted) >= QUOTES_PER_URL:
        return []
    candidates = topic.posts.filter(removal=None, position__gt=topic.last_position - SUGGESTED_AMONG)
    return list(
        candidates.exclude(pk__in=[post.pk for post in quoted]).select_related("author").order_by("position")
    )


def _own_words(post: Post) -> str:
    """Returns the post’s text without its quotes: quotes in quotes are confusing."""
    source = normalize(post.body)
    blocks = blocks_of(source)
    quoted_lines = blocks.quoted_lines | _saved_quote_lines(post)
    lines: list[str] = []
    for n, line in enumerate(source.split("\n")):
        if n in quoted_lines:
            if lines and lines[-2:] != [OMITTED, ""]:
                lines += ["", OMITTED, ""] if lines[-1] else [OMITTED, ""]
        elif n in blocks.code_lines:
            lines.append(line)
        elif line.strip(" \t") or (lines and lines[-1]):
            lines.append(line.rstrip(" \t"))
    return "\n".join(lines).strip("\n").removesuffix(OMITTED).rstrip()


def _saved_quote_lines(post: Post) -> set[int]:
    """Returns the lines that are saved as quotes, including those that are code for the current renderer."""
    if not might_have_quotes(post.body):
        return set()
    ranges = Quote.objects.filter(post=post, revision=post.version).values_list("begins", "ends")
    return {n for begins, ends in ranges for n in range(begins, ends)}


def _beginning(text: str, source: PlainText) -> str:
    """Returns the beginning, cut at a good place where it still matches the post."""
    if len(text) <= QUOTE_MAX and _matches_source(text, source):
        return text
    for separator in ("\n\n", "\n", ". ", " "):
        at = text.rfind(separator, QUOTE_MAX // 3, QUOTE_MAX)
        shorter = f"{text[:at].rstrip()}{separator.rstrip(' ')} {OMITTED}" if at > 0 else ""
        if shorter and _matches_source(shorter, source):
            return shorter
    return f"{graphemes.truncate(text, QUOTE_MAX)} {OMITTED}"


def _matches_source(text: str, source: PlainText) -> bool:
    quote = render("\n".join(f"> {line}" for line in text.split("\n")), refers_to=References())
    return is_word_for_word(plain_text_of(quote.html), source)
