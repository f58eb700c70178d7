"""Stores who is mentioned where."""

from core.text import Rendered
from forum.models import Mention, Post


def update_mentions(post: Post, rendered: Rendered, *, is_new: bool = False) -> None:
    """Updates the mentions of a post. Call it in the transaction that writes the post."""
    if not is_new:
        Mention.objects.filter(post=post).exclude(member__in=rendered.people).delete()
    if rendered.people:
        Mention.objects.bulk_create(
            [Mention(post=post, member_id=pk) for pk in rendered.people], ignore_conflicts=True
        )
