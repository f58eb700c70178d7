"""The rows of topics in lists, each rendered once for all readers of a language and cached in this process. What is
personal in a row, and its times, are slots."""

from datetime import datetime
from functools import lru_cache
from threading import Lock

from cachetools import LRUCache, cached
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language, gettext

from core.web import page_slots
from core.web.page_slots import Filler, Pieces
from core.web.times import time_element
from forum.models import Topic
from forum.read_state.unread import TopicRow

CACHE_BYTES = 16_000_000  # bytes, about
# Topic, version, epoch, whether it is closed and pinned (both can end without a new version), list, language.
Key = tuple[int, int, int, bool, bool, bool, str | None]


def render_row(row: TopicRow, *, in_section: bool) -> str:
    """Returns the row for its reader. `in_section`: the page already says which section it is."""
    topic = row.topic
    key = (
        topic.pk,
        topic.version,
        topic.epoch,  # type: ignore[attr-defined] # from for_list
        topic.is_closed,
        topic.is_pinned,
        in_section,
        get_language(),
    )
    return page_slots.fill(shared_row(key, topic), _fillers(row))


def clear_rows() -> None:
    shared_row.cache_clear()


@cached(LRUCache(CACHE_BYTES, getsizeof=page_slots.size), key=lambda key, _: key, lock=Lock())
def shared_row(key: Key, topic: Topic) -> Pieces:
    with page_slots.leave_slots_open():
        context = {"topic": topic, "in_section": key[5]}
        return page_slots.split(render_to_string("forum/topic_lists/topic_row.html", context))


def _fillers(row: TopicRow) -> dict[str, Filler]:
    unread = row.unread
    return {
        "when": lambda moment: time_element(datetime.fromisoformat(moment)),
        "url": lambda _: escape(row.url),
        "unread": lambda _: " unread" if unread else "",
        "new": lambda _: _new_label(get_language()) if unread else "",
        "new_posts": lambda _: (
            _new_posts(row.topic.first_unread_url, unread.posts, get_language()) if unread else ""
        ),
    }


@lru_cache(maxsize=20)
def _new_label(language: str | None) -> str:
    return f'<span class="visually-hidden">{escape(gettext("New:"))}</span>'


@lru_cache(maxsize=5_000)
def _new_posts(url: str, count: int | None, language: str | None) -> str:
    return render_to_string("forum/topic_lists/new_posts.html", {"url": url, "count": count})
