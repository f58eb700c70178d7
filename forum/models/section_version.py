"""Version numbers that grow with every change that a list of topics shows."""

from django.db import connection, models

from forum.models.section import Section

SHARDS = 16
BUMP = """
INSERT INTO forum_sectionversion AS list (section_id, shard, number, topics)
VALUES (%(section)s, %(shard)s, 1, greatest(%(topics)s, 0))
ON CONFLICT (section_id, shard) DO UPDATE SET number = list.number + 1, topics = list.topics + %(topics)s
"""
Bump = tuple[int, int, int]  # section, topic, change in the number of topics of the section


class SectionVersionManager(models.Manager["SectionVersion"]):
    def grow(self, *, section: int, topic: int, topics: int = 0) -> None:
        """Raises the version. Call it late in the transaction of the change: other changes in this shard wait for its
        end. `topics`: the change in the number of topics of the section."""
        with connection.cursor() as cursor:
            cursor.execute(BUMP, {"section": section, "shard": topic % SHARDS, "topics": topics})

    def bump_all(self, *bumps: Bump) -> None:
        """Raises several versions in one order, to avoid deadlocks."""
        for section, topic, topics in sorted(bumps, key=lambda bump: (bump[0], bump[1] % SHARDS)):
            self.grow(section=section, topic=topic, topics=topics)

    def topics_in(self, section: Section) -> int:
        return self.filter(section=section).aggregate(sum=models.Sum("topics"))["sum"] or 0


class SectionVersion(models.Model):
    """A shard of a section's version, which is the sum of all shards. With one row for each section, replies in
    different topics would wait for each other."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="+", db_index=False)
    shard = models.PositiveSmallIntegerField()
    number = models.PositiveBigIntegerField(default=0)
    topics = models.PositiveIntegerField(default=0)  # for the number of pages of a list

    objects = SectionVersionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "shard"], name="one_list_version_per_shard"),
        ]
