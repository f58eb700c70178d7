"""A number that grows when something changes that many pages show: a name, a role, a section."""

from django.db import connection, models

GROW = """
INSERT INTO accounts_epoch AS epoch (id, number, hidden)
VALUES (1, %(now)s, CASE WHEN %(hides)s THEN %(now)s ELSE 0 END)
ON CONFLICT (id) DO UPDATE
   SET number = GREATEST(epoch.number + 1, excluded.number),
       hidden = CASE WHEN %(hides)s THEN GREATEST(epoch.number + 1, excluded.number) ELSE epoch.hidden END
""".replace("%(now)s", "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint")


class EpochManager(models.Manager["Epoch"]):
    def grow(self, *, hides: bool = False) -> None:
        """Call it in the transaction of the change. `hides`: what guests could read they may not read any more.

        The number is a time, so that a database restored from a backup never comes back to one that pages of a
        later day carry."""
        with connection.cursor() as cursor:
            cursor.execute(GROW, {"hides": hides})


class Epoch(models.Model):
    """The one row, made when it is first needed. It is for rare changes: whoever grows it waits for whoever did."""

    number = models.PositiveBigIntegerField()
    hidden = (
        models.PositiveBigIntegerField()
    )  # the number from which on nothing stands that was hidden before

    objects = EpochManager()
