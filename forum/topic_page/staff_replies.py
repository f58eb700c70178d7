"""Add staff notes under the posts of a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string

from accounts.models import Person
from forum.models import Post, StaffReply

NotesByPost = Mapping[int, tuple[StaffReply, ...]]


def notes_under(person: Person, posts: Iterable[Post]) -> NotesByPost:
    """Returns the notes that this person can read, by post id. One query."""
    said: dict[int, list[StaffReply]] = defaultdict(list)
    replies = StaffReply.objects.visible_to(person).filter(post__in=[post.pk for post in posts])
    for reply in replies.select_related("author", "topic").order_by("pk"):
        said[reply.post_id].append(reply)
    return {post: tuple(replies) for post, replies in said.items()}


def render_notes(said: NotesByPost, post: int, person: Person, csrf_token: Any) -> str:
    if post not in said:
        return ""
    shown = {"replies": said[post], "person": person, "csrf_token": csrf_token}
    return render_to_string("forum/topic_page/staff_notes.html", shown)
