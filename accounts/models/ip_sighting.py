"""From which address on the net somebody came, kept for a while: accounts/auth/ip_log.py says how long."""

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

NOTE = """
INSERT INTO accounts_sighting AS seen (member_id, act, address, first_at, last_at)
VALUES (%(member)s, %(act)s, %(address)s, now(), now())
ON CONFLICT (member_id, act, address) DO UPDATE SET last_at = now()
"""


class SightingManager(models.Manager["Sighting"]):
    def note(self, *, member: int, act: str, address: str) -> None:
        """One row, however often."""
        with connection.cursor() as cursor:
            cursor.execute(NOTE, {"member": member, "act": act, "address": address})


class Sighting(models.Model):
    class Act(models.TextChoices):
        SIGN_UP = "sign_up", "Signed up"
        SIGN_IN = "sign_in", "Signed in"
        POST = "post", "Posted"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    act = models.CharField(max_length=10, choices=Act)
    address = models.GenericIPAddressField()
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    objects = SightingManager()

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
