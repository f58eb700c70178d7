"""Suggests members for the beginning of a name."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access.active_members import members
from accounts.models import User
from core.text.name_keys import LONGEST_NAME, name_key, plain_letters
from forum.access.section_readers import may_read
from forum.models import Post, Section, Topic

MOST = 8
NEWEST_POSTS = 200  # whose authors come first
# A name key replaces letters that look like one together: a typed "r" may become an "m" with the next letter.
JOINED_LATER = {"r": "m", "v": "w"}


def suggest(typed: str, *, section: Section | None = None, topic: Topic | None = None) -> list[User]:
    """Returns members whose name begins like this: in a section only those who may read it, and first those who
    wrote in the topic. Without a typed letter, only those who wrote in the topic."""
    if len(typed) > LONGEST_NAME:
        return []
    found = members().filter(_begins(typed)).order_by("name_key")
    if section:
        found = found.filter(may_read(section))
    if topic is None:
        return list(found[:MOST]) if typed else []
    here = list(found.filter(pk__in=_writers_in(topic))[:MOST])
    if not typed or len(here) == MOST:
        return here
    return here + list(found.exclude(pk__in=[member.pk for member in here])[: MOST - len(here)])


def _begins(typed: str) -> Q:
    """Matches by look, or without accents: Ólafur begins with "ola" too."""
    key = name_key(typed)
    begins = Q(name_key__startswith=key) | Q(name_plain__startswith=plain_letters(typed))
    if key and (joined := JOINED_LATER.get(key[-1])):
        begins |= Q(name_key__startswith=key[:-1] + joined)
    return begins


def _writers_in(topic: Topic) -> QuerySet[Any]:
    newest = Post.objects.filter(topic=topic, position__gt=topic.last_position - NEWEST_POSTS)
    return newest.values("author")
