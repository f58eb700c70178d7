"""What a member has begun to write and not sent."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from accounts.models import User
from forum.models.limits import BODY_MAX, REASON_MAX, TITLE_MAX
from forum.models.post import Post


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, member: User) -> "DraftQuerySet":
        """Nobody else's, whoever asks. What was sent while it was being saved is no draft any more."""
        sent = Post.objects.filter(author=OuterRef("member"), submission_key=OuterRef("submission_key"))
        return self.filter(~Exists(sent), member=member)


class Draft(models.Model):
    """One for each member and place; forum/composer/contexts.py says what a place is called. Saving one asks
    nothing about the place, so that what was begun stays whatever becomes of it."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    place = models.CharField(max_length=40)
    title = models.CharField(max_length=TITLE_MAX, blank=True)
    body = models.CharField(max_length=BODY_MAX, blank=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    # Of a new topic: the fields of its poll that say something, as they were typed.
    poll = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # Of a post that is edited: the version its writer started from.
    based_on = models.PositiveIntegerField(null=True)
    # Of the form that saved it: a draft is removed by the submission it became.
    submission_key = models.UUIDField(null=True)
    # Never the same again for this place, even if the draft is gone in between.
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


def place_of_reply(topic: int) -> str:
    """What a place is called, in forms and drafts; forum/composer/contexts.py finds it again."""
    return f"reply:{topic}"


def place_of_topic(section: int) -> str:
    return f"topic:{section}"


def place_of_edit(post: int) -> str:
    return f"edit:{post}"
