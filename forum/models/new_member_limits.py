"""The limits for new members."""

from django.db import models


class NewMemberLimitsManager(models.Manager["NewMemberLimits"]):
    def current(self) -> "NewMemberLimits":
        return self.first() or NewMemberLimits()


class NewMemberLimits(models.Model):
    """The only row, created when an admin first changes a limit; without it the defaults apply."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    # A member is new until they joined this many days ago and have this many visible posts.
    days = models.PositiveSmallIntegerField(default=3)
    posts = models.PositiveSmallIntegerField(default=5)
    # First posts need approval in every section; a section can also require it for itself.
    hold_first = models.BooleanField(default=False)
    first_posts = models.PositiveSmallIntegerField(default=1)
    posts_a_day = models.PositiveSmallIntegerField(default=15)  # including topics
    topics_a_day = models.PositiveSmallIntegerField(default=3)
    links = models.PositiveSmallIntegerField(default=2)  # per post; one with more needs approval
    # Per day, by all new members together; a post with one more needs approval.
    links_to_one_site = models.PositiveSmallIntegerField(default=10)
    mentions = models.PositiveSmallIntegerField(default=3)
    attachments = models.PositiveSmallIntegerField(default=3)
    texts_waiting = models.PositiveSmallIntegerField(default=5)

    objects = NewMemberLimitsManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_row_of_terms"),
        ]
