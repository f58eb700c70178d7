"""One page of what was found, with what its template shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import Person
from core.text.searchable_text import searchable_text
from core.web.keyset_pagination import row_key
from forum.models import Post
from forum.search.excerpts import Piece, excerpt, marked
from forum.search.matches import Match, Scope, newest_matches
from forum.search.ranking import RANKED_MAX, rank_topics

PER_PAGE = 20
COUNTED_MAX = 1_000
UNFINISHED_LINE = re.compile(r"(?<![.!?:;…。！？])\n")


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
    posts = _posts((hit.post for hit in shown), scope.person)
    hits = [_hit(posts[hit.post], scope, more=hit.more) for hit in shown if hit.post in posts]
    has_more = len(ranking.hits) > start + PER_PAGE and page * PER_PAGE < RANKED_MAX
    return Results(hits, ranking.topics, ranking.is_complete, next_page=page + 1 if has_more else None)


def newest_posts(scope: Scope, before: Match | None) -> Results:
    """Returns a page of posts, the newest first; those before one if given."""
    limit = PER_PAGE + 1 if before else COUNTED_MAX + 1
    matches = newest_matches(scope, scope.words, limit=limit, before=before)
    shown = matches[:PER_PAGE]
    posts = _posts((match.post for match in shown), scope.person)
    hits = [_hit(posts[match.post], scope) for match in shown if match.post in posts]
    has_older = len(matches) > PER_PAGE
    return Results(
        hits, len(matches), older=row_key(shown[-1].posted_at, shown[-1].post) if has_older else ""
    )


def _posts(pks: Iterable[int], person: Person) -> dict[int, Post]:
    """Returns these posts by id, without those that have just been hidden."""
    found: Any = Post.objects.visible_to(person).not_removed().filter(pk__in=list(pks))
    return {post.pk: post for post in found.select_related("author", "topic__section").defer("body")}


def _hit(post: Post, scope: Scope, *, more: int = 0) -> Hit:
    languages = scope.languages
    return Hit(
        post,
        title=marked(post.topic.title, scope.query, languages=languages),
        excerpt=excerpt(_on_one_line(searchable_text(post.html)), scope.query, languages=languages),
        more=more,
    )


def _on_one_line(text: str) -> str:
    """Returns the text with a dot between lines that are not whole sentences."""
    return UNFINISHED_LINE.sub(" · ", text).replace("\n", " ")
