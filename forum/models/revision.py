"""Earlier revisions of posts and titles."""

from django.conf import settings
from django.db import models

from forum.models.edit_marks import EditMarks
from forum.models.maximum_lengths import BODY_MAX, REASON_MAX, TITLE_MAX
from forum.models.post import Post
from forum.models.topic import Topic


class Revision(EditMarks):
    """A revision of a post, current from `written_at` until the next one. The newest revision is in the post itself, so
    that posts without edits, which are most, need no second row."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.CharField(max_length=BODY_MAX)
    html = models.TextField()
    renderer = models.PositiveSmallIntegerField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_MAX, blank=True)

    class Meta(EditMarks.Meta):
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="one_revision_per_number"),
        ]

    @classmethod
    def current(cls, post: Post) -> "Revision":
        """Returns the current state of the post as a revision. It is not saved."""
        return cls(
            post=post,
            number=post.version,
            body=post.body,
            html=post.html,
            renderer=post.renderer,
            written_by=post.edited_by or post.author,
            written_at=post.edited_at or post.posted_at,
            reason=post.edit_reason,
            **post.edit_marks,
        )


class TitleChange(models.Model):
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="title_changes")
    number = models.PositiveIntegerField()  # the topic's title_version after the change
    was = models.CharField(max_length=TITLE_MAX)
    became = models.CharField(max_length=TITLE_MAX)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_MAX, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="one_title_change_per_number"),
        ]
