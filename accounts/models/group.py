"""Named members, for sections that not everybody may read, start topics in or reply to."""

from django.conf import settings
from django.db import models


class Group(models.Model):
    name = models.CharField(max_length=60, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """Its name in the lists of forms."""
        return self.name
