"""Unsent text of a member."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from accounts.models import User
from forum.models.maximum_lengths import BODY_MAX, REASON_MAX, TITLE_MAX
from forum.models.post import Post


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, member: User) -> "DraftQuerySet":
        """Returns the drafts of the member, without those that were sent while they were being saved."""
        submitted_posts = Post.objects.filter(
            author=OuterRef("member"), submission_key=OuterRef("submission_key")
        )
        return self.filter(~Exists(submitted_posts), member=member)


class Draft(models.Model):
    """One draft for each member and draft key (`place`); forum/composer/contexts.py resolves the key. Saving does not
    check the topic or section, so that a draft is never lost."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    place = models.CharField(max_length=40)
    title = models.CharField(max_length=TITLE_MAX, blank=True)
    body = models.CharField(max_length=BODY_MAX, blank=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    # The non-empty poll fields of a new topic, as they were typed.
    poll = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # For an edit: the revision that it started from.
    based_on = models.PositiveIntegerField(null=True)
    # The key of the form that saved it: the submission with this key removes the draft.
    submission_key = models.UUIDField(null=True)
    # Never the same again for this key, even if the draft is deleted in between.
    version = models.PositiveBigIntegerField()
    updated_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "place"], name="one_draft_per_member_and_place"),
            models.CheckConstraint(
                condition=~Q(title="", body="", reason="", poll={}), name="draft_says_something"
            ),
        ]


def reply_draft_key(topic: int) -> str:
    """Returns the draft key of a reply, for forms and drafts. forum/composer/contexts.py resolves it."""
    return f"reply:{topic}"


def topic_draft_key(section: int) -> str:
    return f"topic:{section}"


def edit_draft_key(post: int) -> str:
    return f"edit:{post}"
