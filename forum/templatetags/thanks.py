"""Who thanked for a post, and runs of collapsed thank-yous."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from django import template

from forum.models import Post
from forum.topic_page.page import PostLine
from forum.web.name_lists import NamedMember, first_names

register = template.Library()


class PostRun(NamedTuple):
    """Consecutive posts that are all collapsed, or all shown."""

    is_folded: bool
    lines: list[PostLine]
    is_last: bool = False


@register.filter
def in_runs(lines: Iterable[PostLine]) -> list[PostRun]:
    """Returns the posts in their order: a collapsed run never takes a post from between its neighbors."""
    runs = [PostRun(folded, list(run)) for folded, run in groupby(lines, lambda line: line.post.is_folded)]
    return [*runs[:-1], runs[-1]._replace(is_last=True)] if runs else []


@register.filter
def who_thanks(post: Post, thanked_by: tuple[NamedMember, ...]) -> str:
    return first_names([member.name for member in thanked_by], post.thanked)


@register.filter
def thanking_unnamed(post: Post, thanked_by: tuple[NamedMember, ...]) -> int:
    """Returns how many of those who thanked are not in `thanked_by`."""
    return post.thanked - len(thanked_by)


@register.filter
def who_wrote(lines: list[PostLine]) -> str:
    names = list(dict.fromkeys(line.post.author.name for line in lines))
    return first_names(names, len(names))
