"""IP addresses that members used; accounts/auth/ip_log.py stores and deletes them."""

from django.conf import settings
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

UPSERT = """
INSERT INTO accounts_ipsighting AS seen (member_id, act, address, first_at, last_at)
VALUES (%(member)s, %(act)s, %(address)s, now(), now())
ON CONFLICT (member_id, act, address) DO UPDATE SET last_at = now()
"""


class IpSightingManager(models.Manager["IpSighting"]):
    def note(self, *, member: int, act: str, address: str) -> None:
        """Inserts the row, or updates `last_at` if it exists."""
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, {"member": member, "act": act, "address": address})


class IpSighting(models.Model):
    class Act(models.TextChoices):
        SIGN_UP = "sign_up", _("Signed up")
        SIGN_IN = "sign_in", _("Signed in")
        POST = "post", _("Posted")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    act = models.CharField(max_length=10, choices=Act)
    address = models.GenericIPAddressField()
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    objects = IpSightingManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "act", "address"], name="one_sighting_per_member_act_and_address"
            ),
        ]
        indexes = [
            models.Index(fields=["address"], name="sightings_by_address"),
            models.Index(fields=["last_at"], name="sightings_by_age"),
        ]
