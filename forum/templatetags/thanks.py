"""Who thanks, and how thanks stand folded."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from django import template

from accounts.models import User
from forum.models import Post
from forum.topic_page.page import PostLine

register = template.Library()

NAMED = 2


class Run(NamedTuple):
    """Posts in a row that stand alike: folded, or each by itself."""

    is_folded: bool
    lines: list[PostLine]
    is_last: bool = False


@register.filter
def in_runs(lines: Iterable[PostLine]) -> list[Run]:
    """In their order: a fold never takes a post from between its neighbours."""
    runs = [Run(folded, list(run)) for folded, run in groupby(lines, lambda line: line.post.is_folded)]
    return [*runs[:-1], runs[-1]._replace(is_last=True)] if runs else []


@register.filter
def who_thanks(post: Post, thanked_by: tuple[User, ...]) -> str:
    return _named([member.name for member in thanked_by], post.thanked)


@register.filter
def thanking_unnamed(post: Post, thanked_by: tuple[User, ...]) -> int:
    """How many thank whose names are not here."""
    return post.thanked - len(thanked_by)


@register.filter
def who_wrote(lines: list[PostLine]) -> str:
    names = list(dict.fromkeys(line.post.author.name for line in lines))
    return _named(names, len(names))


def _named(names: list[str], count: int) -> str:
    """`ada`, `ada and ben`, `ada, ben and 12 more`."""
    if count <= NAMED:
        return " and ".join(names)
    return f"{', '.join(names[:NAMED])} and {count - NAMED:,} more"
