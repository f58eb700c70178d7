"""Groups of members, for sections that only some may read or write in."""

from django.conf import settings
from django.db import models


class Group(models.Model):
    name = models.CharField(max_length=60, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """Returns the name, for choices in forms."""
        return self.name
