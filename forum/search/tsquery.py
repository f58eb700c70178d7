"""A query as PostgreSQL reads it, over the lexemes of forum/search_index/lexemes.py."""

from collections.abc import Collection, Iterable

from forum.search.query import Query, Term
from forum.search_index.lexemes import STEM, TITLE, quoted
from forum.search_index.stems import stem_of


def words_tsquery(query: Query, *, languages: Collection[str], mark: str = "") -> str:
    """Returns the condition on the words; empty if there is none. `languages`: those of the sections; `mark`: TITLE for
    words of the title."""
    wanted = [any_of(_term(term, languages, mark) for term in group) for group in query.groups]
    unwanted = [f"!{_term(term, languages, '')}" for term in query.excluded]  # anywhere in the post
    return all_of([*wanted, *unwanted])


def title_tsquery(query: Query, *, languages: Collection[str]) -> str:
    return words_tsquery(query, languages=languages, mark=TITLE)


def all_of(conditions: Iterable[str]) -> str:
    return " & ".join(condition for condition in conditions if condition)


def any_of(conditions: Iterable[str]) -> str:
    return f"({' | '.join(conditions)})"


def _term(term: Term, languages: Collection[str], mark: str) -> str:
    if not term.is_phrase:
        return _word(term.words[0], term, languages, mark)
    parts = []
    for number, (word, offset) in enumerate(zip(term.words, term.offsets, strict=True)):
        is_last = number == len(term.words) - 1
        written = f"{quoted(mark + word)}{':*' if term.is_prefix and is_last else ''}"
        parts.append(f"<{offset - term.offsets[number - 1]}> {written}" if number else written)
    return f"({' '.join(parts)})"


def _word(word: str, term: Term, languages: Collection[str], mark: str) -> str:
    if term.is_prefix:
        return f"{quoted(mark + word)}:*"
    if term.is_exact:
        return quoted(mark + word)
    # A word that is its own stem is in the index once (forum/search_index/lexemes.py).
    stems = {stem_of(word, language) for language in languages}
    forms = [word, *sorted(stems - {word}), *(f"{STEM}{stem}" for stem in sorted(stems))]
    return any_of(quoted(mark + form) for form in forms)
