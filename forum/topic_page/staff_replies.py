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
    notes: dict[int, list[StaffReply]] = defaultdict(list)
    replies = StaffReply.objects.visible_to(person).filter(post__in=[post.pk for post in posts])
    for reply in replies.select_related("author", "topic").order_by("pk"):
        notes[reply.post_id].append(reply)
    return {post: tuple(replies) for post, replies in notes.items()}


def render_notes(notes: NotesByPost, post_id: int, person: Person, csrf_token: Any) -> str:
    if post_id not in notes:
        return ""
    context = {"replies": notes[post_id], "person": person, "csrf_token": csrf_token}
    return render_to_string("forum/topic_page/staff_notes.html", context)
