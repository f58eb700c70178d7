"""Custom pages, written by admins: privacy and contact."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PAGE_TEXT_MAX = 20_000


class StaticPage(models.Model):
    class Name(models.TextChoices):
        PRIVACY = "privacy", _("Privacy")
        CONTACT = "contact", _("Contact")

    name = models.CharField(max_length=20, choices=Name, unique=True)
    text = models.CharField(max_length=PAGE_TEXT_MAX)
    html = models.TextField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    # None for the default text.
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    @property
    def title(self) -> str:
        return self.get_name_display()

    def get_absolute_url(self) -> str:
        return reverse(self.name)
