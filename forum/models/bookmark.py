"""A member's bookmark with a private note. Nobody else can see it."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from forum.models.maximum_lengths import NOTE_MAX
from forum.models.post import Post

SAVE = """
INSERT INTO forum_bookmark AS saved (member_id, post_id, note, saved_at)
VALUES (%(member)s, %(post)s, coalesce(%(note)s, ''), statement_timestamp())
ON CONFLICT (member_id, post_id) DO UPDATE SET note = coalesce(%(note)s, saved.note)
"""


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def of(self, member: User) -> "BookmarkQuerySet":
        """Adds `is_readable`: the post may have been removed, or moved where the member cannot read it."""
        readable = Post.objects.visible_to(member).filter(pk=OuterRef("post"))
        return self.filter(member=member).annotate(is_readable=Exists(readable))

    def put(self, *, member: int, post: int, note: str | None) -> None:
        """Adds a bookmark, or changes its note; None keeps the note."""
        with connection.cursor() as cursor:
            cursor.execute(SAVE, {"member": member, "post": post, "note": note})


class Bookmark(models.Model):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "post"], name="one_saved_post_per_member_and_post"),
        ]
        indexes = [models.Index(fields=["member", "-id"], name="saved_posts_of_a_member")]
