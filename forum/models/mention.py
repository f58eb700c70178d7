"""A mention of a member in a post."""

from django.conf import settings
from django.db import models

from accounts.models import Person
from forum.models.post import Post


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, person: Person) -> "MentionQuerySet":
        """Returns the mentions in posts that this person may read."""
        return self.filter(post__in=Post.objects.visible_to(person).values("pk"))


class Mention(models.Model):
    """Mentions of the current revision of a post; earlier ones are only in the text of its revisions."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="one_mention_per_post_and_member")
        ]
