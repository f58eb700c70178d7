"""What of a page's posts is a member's own: which of them they thanked for, and which they saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.template.loader import render_to_string

from accounts.models import Person
from forum import changes
from forum.models import Post

OWN = """
SELECT post_id, revision FROM forum_thanks WHERE member_id = %(member)s AND post_id = ANY(%(posts)s)
UNION ALL
SELECT post_id, NULL FROM forum_savedpost WHERE member_id = %(member)s AND post_id = ANY(%(posts)s)
"""


@dataclass(frozen=True)
class Own:
    thanked_revision: int | None = None
    is_saved: bool = False

    def thanks_for_something_else(self, post: Post) -> bool:
        """Has the post been edited since its reader thanked?"""
        thanked = self.thanked_revision
        return thanked is not None and changes.has_changed_since_revision(post, thanked)


NOTHING = Own()


def own_on(person: Person, posts: Iterable[Post]) -> dict[int, Own]:
    """One query, however many posts."""
    if not person.is_authenticated:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(OWN, {"member": person.pk, "posts": [post.pk for post in posts]})
        rows = cursor.fetchall()
    thanked = {pk: revision for pk, revision in rows if revision is not None}
    saved = {pk for pk, revision in rows if revision is None}
    return {pk: Own(thanked.get(pk), pk in saved) for pk in thanked.keys() | saved}


def own_act(act: str, post: Post, own: Own, csrf_token: Any) -> str:
    """The button that thanks, or saves, or the one that takes it back."""
    shown = {"post": post, "thanked": own.thanked_revision is not None, "saved": own.is_saved}
    return render_to_string(f"forum/parts/{act}.html", shown | {"csrf_token": csrf_token})


def history_link(post: Post) -> str:
    return render_to_string("forum/parts/history_link.html", {"post": post})


def changed_since(post: Post, own: Own, *, may_read_history: bool) -> str:
    """What tells its reader that the post says something else now than what they thanked for."""
    if not own.thanks_for_something_else(post):
        return ""
    address = changes.url_since_revision(post, own.thanked_revision or 1) if may_read_history else ""
    return render_to_string("forum/parts/changed_since.html", {"since": "you thanked", "address": address})
