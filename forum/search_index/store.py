"""Writes the search index, in the transaction that changes what it is about. A removed post leaves it.

A large topic is changed with single statements: a loop over its posts would hold its lock for a minute."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from core.text.searchable_text import searchable_text
from forum.models import Post, SearchEntry, Section, Topic
from forum.search_index import lexemes
from forum.search_index.lexemes import Lexemes

# Raise it whenever the lexemes of the same text change. Entries of an older version, and those with stems of another
# language (version 0), are written again by `manage.py reindex`, or by the worker at night.
INDEX_VERSION = 1
OUTDATED = 0

# Section, author and month.
FACTS = """array_to_tsvector(ARRAY['@s' || {section}, '@a' || {author},
                            to_char({at} AT TIME ZONE 'UTC', '"@m"YYYYMM')])"""
_facts = FACTS.format(section="%(section)s::bigint", author="%(author)s::bigint", at="%(at)s::timestamptz")
WRITE = f"""
INSERT INTO forum_searchentry AS entry (post_id, topic_id, posted_at, words, version)
VALUES (%(post)s, %(topic)s, %(at)s, %(words)s::tsvector || {_facts}, %(version)s)
ON CONFLICT (post_id) DO UPDATE
   SET topic_id = excluded.topic_id, posted_at = excluded.posted_at, words = excluded.words, version = excluded.version
"""  # noqa: S608 - no user input
MOVE_POSTS = """
UPDATE forum_searchentry
   SET topic_id = %(topic)s, version = least(version, %(version)s),
       words = ts_delete(words, %(sections)s::text[]) || array_to_tsvector(ARRAY[%(section)s])
 WHERE post_id = ANY(%(posts)s)
"""
MOVE_TOPIC = """
UPDATE forum_searchentry
   SET version = least(version, %(version)s),
       words = ts_delete(words, %(sections)s::text[]) || array_to_tsvector(ARRAY[%(section)s])
 WHERE post_id IN (SELECT id FROM forum_post WHERE topic_id = %(topic)s)
"""
OUTDATE = """
UPDATE forum_searchentry SET version = 0 WHERE version > 0 AND words @@ %(section)s::tsquery
"""


def text_lexemes(html: str, section: Section) -> Lexemes:
    """Returns the lexemes of a rendered text. It takes milliseconds: call it before anything is locked."""
    return lexemes.of_text(searchable_text(html), language=section.language)


def index_text(post: Post, text: Lexemes) -> None:
    """Writes the entry of a new or edited post, unless it is removed. `text`: the lexemes of its text. Call it in the
    transaction that writes the text, under the lock of the topic."""
    if post.is_edited and post.is_removed:
        return
    with connection.cursor() as cursor:  # a new post is not highlighted: this saves a query
        cursor.execute(WRITE, _row(post, text, highlighted=post.is_edited and post.is_highlighted))


def index_posts(posts: Iterable[Post]) -> None:
    """Writes the entries of these posts, whose rows were read by `indexable`."""
    rows = [
        _row(post, text_lexemes(post.html, post.topic.section), highlighted=post.is_highlighted)
        for post in posts
    ]
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, rows)


def indexable(posts: Iterable[int]) -> Iterable[Post]:
    """Returns those of these posts that belong into the index."""
    visible = Post.objects.filter(pk__in=posts).not_removed().select_related("topic__section", "highlight")
    return visible.order_by("pk")


def index_again(posts: Iterable[int]) -> None:
    """Writes the entries of those of these posts that are visible."""
    index_posts(indexable(posts))


def index_original(topic: Topic) -> None:
    """Writes the entry of the original post, which has the words of the title."""
    index_again(topic.posts.filter(position=1).values_list("pk", flat=True))


def remove_from_index(posts: Sequence[int]) -> None:
    SearchEntry.objects.filter(pk__in=posts).delete()


def mark_highlighted(posts: Sequence[int], *, highlighted: bool) -> None:
    """Records whether these posts are highlighted."""
    words = "ts_delete(words, %(fact)s)" + (" || array_to_tsvector(ARRAY[%(fact)s])" if highlighted else "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE forum_searchentry SET words = {words} WHERE post_id = ANY(%(posts)s)",  # noqa: S608 - no input
            {"fact": lexemes.HIGHLIGHTED, "posts": list(posts)},
        )


def move_topic(topic: Topic, *, source: Section, target: Section) -> None:
    """Records that the topic was moved to another section."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE_TOPIC, {"topic": topic.pk, **_move({source}, target)})


def move_posts(posts: Sequence[int], *, target: Topic) -> None:
    """Records that these posts, the first one first, were moved to a topic. Call it after their rows were changed."""
    sections = set(Section.objects.all())
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE_POSTS, {"topic": target.pk, "posts": list(posts), **_move(sections, target.section)}
        )
    index_again(posts[:1])  # only the first can have been, or have become, an original post


def outdate(section: Section) -> None:
    """Lets the entries of a section be written again, because its language has changed."""
    with connection.cursor() as cursor:
        cursor.execute(OUTDATE, {"section": lexemes.quoted(lexemes.in_section(section.pk))})


def _move(sources: Iterable[Section], target: Section) -> dict[str, Any]:
    is_same_language = all(source.language == target.language for source in sources)
    return {
        "sections": [lexemes.in_section(source.pk) for source in sources],
        "section": lexemes.in_section(target.pk),
        "version": INDEX_VERSION if is_same_language else OUTDATED,
    }


def _row(post: Post, text: Lexemes, *, highlighted: bool) -> dict[str, Any]:
    topic = post.topic
    parts = [str(text)]
    if post.is_original:
        parts.append(str(lexemes.of_title(topic.title, language=topic.section.language, after=text.last)))
    parts += [lexemes.quoted(lexemes.HIGHLIGHTED)] if highlighted else []
    parts += [lexemes.quoted(lexemes.HAS_IMAGE)] if "<img" in post.html else []
    return {
        "post": post.pk,
        "topic": topic.pk,
        "at": post.posted_at,
        "words": " ".join(parts),
        "section": topic.section_id,
        "author": post.author_id,
        "version": INDEX_VERSION,
    }
