"""Which posts on a page the reader has thanked for, bookmarked or reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import Person
from forum.history.changes_since import has_changed_since_revision, url_since_revision
from forum.models import Post

READER_MARKS_SQL = """
SELECT post_id, 'thanked', revision FROM forum_thanks
 WHERE member_id = %(member)s AND post_id = ANY(%(posts)s)
UNION ALL
SELECT post_id, 'saved', NULL FROM forum_bookmark
 WHERE member_id = %(member)s AND post_id = ANY(%(posts)s)
UNION ALL
SELECT post_id, 'reported', NULL FROM ({reported}) AS reported
"""


@dataclass(frozen=True)
class ReaderMarks:
    thanked_revision: int | None = None
    is_saved: bool = False
    is_reported: bool = False  # and its case is still open

    def is_done(self, act: str) -> bool:
        return {
            "thank": self.thanked_revision is not None,
            "save": self.is_saved,
            "report": self.is_reported,
        }[act]

    def thanked_earlier_revision(self, post: Post) -> bool:
        """Whether the post was edited after its reader thanked for it."""
        thanked = self.thanked_revision
        return thanked is not None and has_changed_since_revision(post, thanked)


NO_MARKS = ReaderMarks()


def marks_on(person: Person, posts: Iterable[Post]) -> dict[int, ReaderMarks]:
    """Returns the marks by post id, with one query."""
    if not person.is_authenticated:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            READER_MARKS_SQL.format(reported=reports_module().REPORTED),
            {"member": person.pk, "posts": [post.pk for post in posts]},
        )
        rows = cursor.fetchall()
    thanked = {pk: revision for pk, kind, revision in rows if kind == "thanked"}
    saved, reported = ({pk for pk, kind, _ in rows if kind == name} for name in ("saved", "reported"))
    return {
        pk: ReaderMarks(thanked.get(pk), pk in saved, pk in reported)
        for pk in thanked.keys() | saved | reported
    }


@cache
def reports_module() -> Any:
    """Returns the module that knows a member’s reports. Reports belong to a higher app, so a setting names it."""
    return import_module(settings.MEMBER_REPORTS)


def action_with_state(act: str, post: Post, marks: ReaderMarks, csrf_token: Any) -> str:
    """Returns the button or link of an action, in the state that it has for this reader."""
    context = {
        "post": post,
        "thanked": marks.is_done("thank"),
        "saved": marks.is_saved,
        "reported": marks.is_reported,
    }
    return render_to_string(f"forum/topic_page/{act}.html", context | {"csrf_token": csrf_token})


def history_link(post: Post) -> str:
    return render_to_string("forum/topic_page/history_link.html", {"post": post})


def changed_since(post: Post, marks: ReaderMarks, *, may_read_history: bool) -> str:
    """Returns a note that the post was edited after its reader thanked for it."""
    if not marks.thanked_earlier_revision(post):
        return ""
    url = url_since_revision(post, marks.thanked_revision or 1) if may_read_history else ""
    return render_to_string(
        "forum/topic_page/changed_since.html", {"note": _("Changed since you thanked"), "address": url}
    )
