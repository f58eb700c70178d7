"""Add a staff note to a topic and remove it. Only staff see it; the versions and counts of the topic do not change."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access.actor import reload_and_lock
from accounts.models import User
from core.text import RENDERER_VERSION, render
from forum.access import locks, permissions
from forum.access.require import require
from forum.models import Post, StaffReply


def add_staff_note(*, post: Post, by: User, body: str, submission_key: UUID) -> StaffReply:
    """Adds a staff note to a post and returns it, or the earlier note if this submission was sent before."""
    rendered = render(body)
    try:
        with transaction.atomic():
            topic, post = locks.lock_post(post, by=by)
            require(permissions.can_read_staff_replies(by, topic))
            return StaffReply.objects.create(
                topic=topic,
                post=post,
                author=by,
                body=body,
                html=rendered.html,
                renderer=RENDERER_VERSION,
                submission_key=submission_key,
            )
    except IntegrityError:
        if existing := StaffReply.objects.filter(author=by, submission_key=submission_key).first():
            return existing
        raise


@transaction.atomic
def remove_staff_note(*, reply: StaffReply, by: User) -> bool:
    """Removes a staff note; only its author and admins can. Returns False if it was already removed."""
    reload_and_lock(by)
    require(reply.author_id == by.pk or by.is_admin)
    notes = StaffReply.objects.visible_to(by).filter(pk=reply.pk)
    return bool(notes.update(taken_back_at=timezone.now(), deleted_by=by))
