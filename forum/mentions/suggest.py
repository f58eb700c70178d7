"""Suggests members for the beginning of a name."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from core.text.name_keys import NAME_MAX, name_key, without_accents
from forum.models import Post, Section, Topic

MAX_SUGGESTIONS = 8
NEWEST_POSTS = 200  # whose authors come first
# A name key replaces letters that look like one together: a typed "r" may become an "m" with the next letter.
LATER_JOINED_LETTERS = {"r": "m", "v": "w"}


def suggest(prefix: str, *, section: Section | None = None, topic: Topic | None = None) -> list[User]:
    """Returns members whose name begins like this: in a section only those who may read it, and first those who
    wrote in the topic. Without a typed letter, only those who wrote in the topic."""
    if len(prefix) > NAME_MAX:
        return []
    members = User.objects.active().filter(_name_condition(prefix)).order_by("name_key")
    if section:
        members = members.filter(section.readers_condition())
    if topic is None:
        return list(members[:MAX_SUGGESTIONS]) if prefix else []
    authors = list(members.filter(pk__in=_recent_authors(topic))[:MAX_SUGGESTIONS])
    if not prefix or len(authors) == MAX_SUGGESTIONS:
        return authors
    return authors + list(
        members.exclude(pk__in=[member.pk for member in authors])[: MAX_SUGGESTIONS - len(authors)]
    )


def _name_condition(prefix: str) -> Q:
    """Matches by look, or without accents: Ólafur begins with "ola" too."""
    key = name_key(prefix)
    condition = Q(name_key__startswith=key) | Q(name_plain__startswith=without_accents(prefix))
    if key and (joined_letter := LATER_JOINED_LETTERS.get(key[-1])):
        condition |= Q(name_key__startswith=key[:-1] + joined_letter)
    return condition


def _recent_authors(topic: Topic) -> QuerySet[Any]:
    newest = Post.objects.filter(topic=topic, position__gt=topic.last_position - NEWEST_POSTS)
    return newest.values("author")
