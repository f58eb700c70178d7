"""A number that grows when something changes that many pages show, such as a name, a role or a section."""

from django.db import connection, models

INCREASE = """
INSERT INTO accounts_siteversion AS epoch (id, number, hidden)
VALUES (1, %(now)s, CASE WHEN %(hides)s THEN %(now)s ELSE 0 END)
ON CONFLICT (id) DO UPDATE
   SET number = GREATEST(epoch.number + 1, excluded.number),
       hidden = CASE WHEN %(hides)s THEN GREATEST(epoch.number + 1, excluded.number) ELSE epoch.hidden END
""".replace("%(now)s", "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint")


class SiteVersionManager(models.Manager["SiteVersion"]):
    def grow(self, *, hides: bool = False) -> None:
        """Raises the number. Call it in the transaction of the change. `hides`: guests may not read something anymore.

        The number is a time, so that after restoring a backup it never repeats one that a cached page has."""
        with connection.cursor() as cursor:
            cursor.execute(INCREASE, {"hides": hides})


class SiteVersion(models.Model):
    """The only row, created when it is first needed. For rare changes only, since raising it locks the row."""

    number = models.PositiveBigIntegerField()
    hidden = models.PositiveBigIntegerField()  # the number when something was last hidden

    objects = SiteVersionManager()
