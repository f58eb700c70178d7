"""Makes a forum large enough to measure: bulk inserts with the counters, positions and times that actions would
produce.

Posts are written in the order of their times, so that the posts of a topic are scattered among others, as in a forum
that grew by itself.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from accounts.models import User
from config.sample import bulk_data_sql
from config.sample.phrases import Phrases, member_names
from core.text import RENDERER_VERSION, render
from core.text.searchable_text import searchable_text
from forum.models import Section
from forum.models.section_version import SHARDS
from forum.search_index.lexemes import of_text, of_title
from forum.search_index.store import INDEX_VERSION

TEXTS = 2_000  # rendered once each; every post has one of them
LONGEST_TOPIC = 10_000
BATCH = 20_000
LASTED = timedelta(days=3 * 365)
ENDED = timedelta(days=30)  # ago: the newest topics on the home page stay those of the sample community
SEED = 2007
LANGUAGE = "en"


class NowhereToGrow(Exception):
    """No section lets everyone read and every member start topics."""


@transaction.atomic
def grow(*, topics: int, posts: int, after_each: Callable[[int], object] = lambda written: None) -> None:
    """Adds this many topics with this many posts in all; calls `after_each` with the number of posts just written."""
    sections = _open_sections()
    if not sections:
        raise NowhereToGrow
    texts = min(TEXTS, posts)
    with connection.cursor() as cursor:
        cursor.execute(bulk_data_sql.PREPARE)
        _copy(cursor, "grown_text (n, body, html, excerpt, words)", _texts(texts))
        _copy(
            cursor,
            "grown_topic (section_id, title, words, size, started_at, pace)",
            _topics(topics, posts, sections),
        )
        cursor.execute(bulk_data_sql.PLAN_POSTS, {"members": _members(), "texts": texts})
        cursor.execute(bulk_data_sql.INDEX_PLAN)
        cursor.execute(bulk_data_sql.WRITE_TOPICS)
        cursor.execute(bulk_data_sql.COUNT_TOPICS, {"shards": SHARDS})
        for after, upto in pairwise([*range(0, posts, BATCH), posts]):
            batch = {"after": after, "upto": upto, "renderer": RENDERER_VERSION, "version": INDEX_VERSION}
            cursor.execute(bulk_data_sql.WRITE_POSTS, batch)
            cursor.execute(bulk_data_sql.INDEX_POSTS, batch)
            after_each(upto - after)
        cursor.execute(bulk_data_sql.FINISH)


def topic_sizes(topics: int, posts: int) -> list[int]:
    """Returns how many posts each topic has, the longest first: one very long, some of hundreds, most short."""
    spare = posts - topics
    longest = min(LONGEST_TOPIC, spare // 4)
    weights = [1 / (rank + 10) for rank in range(topics)]
    share = (spare - longest) / sum(weights)
    # Rounds the running total, so that the sizes add up exactly.
    sizes, due, assigned = [], 0.0, 0
    for weight in weights:
        due += weight * share
        sizes.append(1 + round(due) - assigned)
        assigned = round(due)
    sizes[0] += longest
    return sizes


def _open_sections() -> list[int]:
    open_to_all = Section.objects.filter(
        read_by=Section.Audience.EVERYONE,
        start_by=Section.Audience.MEMBERS,
        reply_by=Section.Audience.MEMBERS,
        archived_at=None,
    )
    return list(open_to_all.in_order().values_list("pk", flat=True))


def _members() -> list[int]:
    """Creates the several hundred members who write in a large forum. None of them can sign in."""
    members = []
    for name in member_names():
        member = User(email=f"{name}@grown.example.org", joined_at=timezone.now() - ENDED - LASTED)
        member.set_name(name)
        member.set_unusable_password()
        members.append(member)
    User.objects.bulk_create(members, ignore_conflicts=True)  # those of an earlier run stay
    keys = [member.name_key for member in members]
    return list(User.objects.filter(name_key__in=keys).order_by("pk").values_list("pk", flat=True))


def _texts(number: int) -> Iterator[tuple[int, str, str, str, str]]:
    phrases = Phrases(SEED)
    for n in range(number):
        body = phrases.text()
        rendered = render(body)
        words = str(of_text(searchable_text(rendered.html), language=LANGUAGE))
        yield n, body, rendered.html, rendered.excerpt, words


def _topics(
    topics: int, posts: int, sections: list[int]
) -> Iterator[tuple[int, str, str, int, datetime, timedelta]]:
    """Yields topics by creation time: the longest is the oldest, the others are in random order."""
    phrases = Phrases(SEED)
    chance = phrases.chance
    longest, *others = topic_sizes(topics, posts)
    chance.shuffle(others)
    ended = timezone.now() - ENDED
    popularity = [1 / (index + 1) for index in range(len(sections))]
    for n, size in enumerate([longest, *others]):
        started = ended - LASTED * (1 - n / topics)
        pace = min(timedelta(minutes=chance.uniform(2, 300)), (ended - started) / size)
        (section,) = chance.choices(sections, popularity)
        title = phrases.title()
        words = str(of_title(title, language=LANGUAGE))
        yield section, title, words, size, started, pace


def _copy(cursor: CursorWrapper, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
