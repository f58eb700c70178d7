"""What holds for new members, until it ends by itself."""

from django.db import models


class NewMemberTermsManager(models.Manager["NewMemberTerms"]):
    def current(self) -> "NewMemberTerms":
        return self.first() or NewMemberTerms()


class NewMemberTerms(models.Model):
    """The one row, made when an admin first changes it; without it the defaults hold."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    # A member is new until they have been here so long, and so many of their posts stand.
    days = models.PositiveSmallIntegerField(default=3)
    posts = models.PositiveSmallIntegerField(default=5)
    # Their first posts wait in every section; a section may ask for it by itself.
    hold_first = models.BooleanField(default=False)
    first_posts = models.PositiveSmallIntegerField(default=1)
    posts_a_day = models.PositiveSmallIntegerField(default=15)  # topics among them
    topics_a_day = models.PositiveSmallIntegerField(default=3)
    links = models.PositiveSmallIntegerField(default=2)  # in one text; one with more waits
    # In a day, by all new members together; a text with one more waits.
    links_to_one_site = models.PositiveSmallIntegerField(default=10)
    mentions = models.PositiveSmallIntegerField(default=3)
    attachments = models.PositiveSmallIntegerField(default=3)
    texts_waiting = models.PositiveSmallIntegerField(default=5)

    objects = NewMemberTermsManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_row_of_terms"),
        ]
