"""A poll in a topic."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from forum.models.maximum_lengths import TITLE_MAX
from forum.models.topic import Topic

OPTION_MAX = 100  # characters
OPTIONS_PER_POLL = 10


class Poll(models.Model):
    topic = models.OneToOneField(Topic, models.CASCADE, related_name="poll")
    question = models.CharField(max_length=TITLE_MAX, blank=True)  # empty if the title asks it
    is_multiple = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    closes_at = models.DateTimeField(null=True)
    # How many members voted: the rows of Vote, each member once.
    voters = models.PositiveIntegerField(default=0)

    def is_over(self, at: datetime | None = None) -> bool:
        """Whether the poll has ended. Nothing is stored when it ends."""
        return self.closes_at is not None and self.closes_at <= (at or timezone.now())


class PollOption(models.Model):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=OPTION_MAX)
    votes = models.PositiveIntegerField(default=0)  # the rows of Vote, counted

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "position"], name="one_option_per_position"),
            models.UniqueConstraint(fields=["poll", "text"], name="an_option_stands_once_in_its_poll"),
            models.CheckConstraint(condition=~Q(text=""), name="option_says_something"),
            models.CheckConstraint(
                condition=Q(position__range=(1, OPTIONS_PER_POLL)), name="a_poll_has_at_most_ten_options"
            ),
        ]


class Vote(models.Model):
    """A vote for an option. In a secret poll, it is only shown to the member who voted."""

    # Copied from the option, for the constraint on polls with one vote per member.
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes", db_index=False)
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_single_choice = models.BooleanField()  # the poll allows only one option
    voted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["option", "member"], name="one_vote_per_option_and_member"),
            models.UniqueConstraint(
                fields=["poll", "member"],
                condition=Q(is_single_choice=True),
                name="one_vote_where_one_is_chosen",
            ),
        ]
        indexes = [
            models.Index(fields=["option", "id"], name="votes_for_an_option"),
            models.Index(fields=["poll", "member"], name="votes_of_a_member"),
        ]
