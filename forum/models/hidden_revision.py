"""A revision that staff hid, for example because of personal data. Only staff can read it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Person, is_member
from forum.models.maximum_lengths import REASON_MAX


class HiddenRevisionQuerySet(models.QuerySet["HiddenRevision"]):
    def hidden_from(self, person: Person) -> "HiddenRevisionQuerySet":
        """Returns those that this person may not read: the queryset version of permissions.can_read_hidden_revision."""
        if not (is_member(person) and person.is_staff):
            return self
        return self.exclude(post__topic__section__in=person.moderates) if person.is_limited else self.none()


class HiddenRevision(models.Model):
    post = models.ForeignKey("forum.Post", models.PROTECT, related_name="hidden_revisions")
    number = models.PositiveIntegerField()  # never that of the current revision
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    hidden_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=REASON_MAX)

    objects = HiddenRevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="a_revision_is_hidden_once"),
        ]
