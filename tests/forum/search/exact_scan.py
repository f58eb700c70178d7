"""A slow search that compares the words of every post, to compare the index with."""

from dataclasses import dataclass

from core.text.searchable_text import searchable_text
from core.text.word_keys import words_in
from forum.models import Post
from forum.search.query import Query, Term
from forum.search_index.lexemes import GAP
from forum.search_index.stems import stem_of


@dataclass(frozen=True)
class Text:
    """The words of a post, with those of the title if it is an original post."""

    post: int
    keys: list[str]  # in order; empty strings where no phrase may continue
    distinct: frozenset[str]
    stems: frozenset[str]

    def has(self, term: Term) -> bool:
        if term.is_phrase:
            return any(self._has_phrase_at(index, term) for index in range(len(self.keys)))
        (word,) = term.words
        if term.is_prefix:
            return any(key.startswith(word) for key in self.distinct)
        return (
            word in self.distinct
            if term.is_exact
            else stem_of(word, "en") in self.stems or word in self.distinct
        )

    def _has_phrase_at(self, index: int, term: Term) -> bool:
        if index + term.offsets[-1] >= len(self.keys):
            return False
        *first, last = [self.keys[index + offset] for offset in term.offsets]
        is_last = last.startswith(term.words[-1]) if term.is_prefix else last == term.words[-1]
        return is_last and first == list(term.words[:-1])


def visible_texts() -> list[Text]:
    return [_text_of(post) for post in Post.objects.not_removed().select_related("topic")]


def _text_of(post: Post) -> Text:
    keys = [word.key for word in words_in(searchable_text(post.html))]
    if post.is_original:
        keys += [*[""] * GAP, *(word.key for word in words_in(post.topic.title))]
    distinct = frozenset(keys) - {""}
    return Text(post.pk, keys, distinct, frozenset(stem_of(key, "en") for key in distinct))


def scan(query: Query, texts: list[Text]) -> set[int]:
    """Returns the ids of the posts that match the words of a query."""
    return {
        text.post
        for text in texts
        if all(any(text.has(term) for term in group) for group in query.groups)
        and not any(text.has(term) for term in query.excluded)
    }
