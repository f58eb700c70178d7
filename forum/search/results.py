"""One page of what was found, with what its template shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.text.searchable_text import searchable_text
from core.web.keyset_pagination import row_key
from forum.models import Post
from forum.search.excerpts import Piece, excerpt, marked
from forum.search.matches import Match, Scope, newest_matches
from forum.search.ranking import RANKED_MAX, rank_topics

PER_PAGE = 20
COUNTED_MAX = 1_000
SENTENCE_ENDS = (*".!?:;…。！？", "")


@dataclass(frozen=True)
class Hit:
    """A post that was found, as it is shown."""

    post: Post
    title: list[Piece]
    excerpt: list[Piece]
    more: int = 0  # other posts of its topic that match


@dataclass(frozen=True)
class Results:
    hits: list[Hit]
    number: int  # topics or posts that match, at most COUNTED_MAX + 1
    is_complete: bool = True  # all matching posts were compared
    next_page: int | None = None  # by relevance
    older: str = ""  # by time: the last row

    @property
    def is_counted(self) -> bool:
        return self.number <= COUNTED_MAX and self.is_complete


def best_topics(scope: Scope, page: int) -> Results:
    """Returns a page of topics, the best first."""
    ranking = rank_topics(scope)
    start = (page - 1) * PER_PAGE
    shown = ranking.hits[start : start + PER_PAGE]
    posts = _posts(hit.post for hit in shown)
    hits = [_hit(posts[hit.post], scope, more=hit.more) for hit in shown if hit.post in posts]
    has_more = len(ranking.hits) > start + PER_PAGE and page * PER_PAGE < RANKED_MAX
    return Results(hits, ranking.topics, ranking.is_complete, next_page=page + 1 if has_more else None)


def newest_posts(scope: Scope, before: Match | None) -> Results:
    """Returns a page of posts, the newest first; those before one if given."""
    limit = PER_PAGE + 1 if before else COUNTED_MAX + 1
    matches = newest_matches(scope, scope.words, limit=limit, before=before)
    shown = matches[:PER_PAGE]
    posts = _posts(match.post for match in shown)
    hits = [_hit(posts[match.post], scope) for match in shown if match.post in posts]
    has_older = len(matches) > PER_PAGE
    return Results(
        hits, len(matches), older=row_key(shown[-1].posted_at, shown[-1].post) if has_older else ""
    )


def _posts(pks: Iterable[int]) -> dict[int, Post]:
    found: Any = (
        Post.objects.filter(pk__in=list(pks)).not_removed().select_related("author", "topic__section")
    )
    return {post.pk: post for post in found.defer("body")}


def _hit(post: Post, scope: Scope, *, more: int = 0) -> Hit:
    languages = scope.languages
    return Hit(
        post,
        title=marked(post.topic.title, scope.query, languages=languages),
        excerpt=excerpt(_on_one_line(searchable_text(post.html)), scope.query, languages=languages),
        more=more,
    )


def _on_one_line(text: str) -> str:
    """Returns the text with a dot between lines that do not end with one."""
    lines = text.split("\n")
    return (
        "".join(f"{line} " if line[-1:] in SENTENCE_ENDS else f"{line} · " for line in lines[:-1]) + lines[-1]
    )
