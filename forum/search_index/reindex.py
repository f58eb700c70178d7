"""Writes entries of the search index again: after an upgrade that changes them, and after a section's language was
changed. It runs in batches and can be stopped and started at any time."""

from collections.abc import Iterator

from django.db import connection, transaction

from forum.search_index.store import INDEX_VERSION, index_again

BATCH = 20  # posts, whose topics are locked together for a tenth of a second

OUTDATED = """
SELECT post.id FROM forum_post AS post LEFT JOIN forum_searchentry AS entry ON entry.post_id = post.id
 WHERE coalesce(entry.version, 0) < %(version)s AND post.id > %(after)s
   AND NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = post.id)
"""
COUNT = f"SELECT count(*) FROM ({OUTDATED}) AS outdated"  # noqa: S608 - no user input
NEXT = f"{OUTDATED} ORDER BY post.id LIMIT %(batch)s"
LOCK = """
SELECT FROM forum_topic WHERE id IN (SELECT topic_id FROM forum_post WHERE id = ANY(%s)) ORDER BY id FOR NO KEY UPDATE
"""


def outdated_entries() -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"version": INDEX_VERSION, "after": 0})
        return int(cursor.fetchone()[0])


def reindex() -> Iterator[int]:
    """Yields the size of each batch."""
    after = 0
    while posts := _next(after):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(LOCK, [posts])
            index_again(posts)
        after = posts[-1]
        yield len(posts)


def _next(after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"version": INDEX_VERSION, "after": after, "batch": BATCH})
        return [pk for (pk,) in cursor.fetchall()]
