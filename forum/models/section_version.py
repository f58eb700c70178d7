"""Numbers that grow with every change a list of topics would show."""

from django.db import connection, models

from forum.models.section import Section

SHARDS = 16
GROW = """
INSERT INTO forum_listversion AS list (section_id, shard, number, topics)
VALUES (%(section)s, %(shard)s, 1, greatest(%(topics)s, 0))
ON CONFLICT (section_id, shard) DO UPDATE SET number = list.number + 1, topics = list.topics + %(topics)s
"""
Grown = tuple[int, int, int]  # a section, a topic, by how many topics the section has more


class ListVersionManager(models.Manager["ListVersion"]):
    def grow(self, *, section: int, topic: int, topics: int = 0) -> None:
        """Call it in the transaction of the change, late: others who change a topic of this shard wait for its end.
        `topics`: by how many the section has more."""
        with connection.cursor() as cursor:
            cursor.execute(GROW, {"section": section, "shard": topic % SHARDS, "topics": topics})

    def grow_together(self, *grown: Grown) -> None:
        """In one order for everybody: two who change two topics each would else wait for each other."""
        for section, topic, topics in sorted(grown, key=lambda one: (one[0], one[1] % SHARDS)):
            self.grow(section=section, topic=topic, topics=topics)

    def topics_in(self, section: Section) -> int:
        return self.filter(section=section).aggregate(sum=models.Sum("topics"))["sum"] or 0


class ListVersion(models.Model):
    """A share of a section's version; their sum is the version. One row for all would be written by every reply,
    and replies to different topics would wait for each other."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="+", db_index=False)
    shard = models.PositiveSmallIntegerField()
    number = models.PositiveBigIntegerField(default=0)
    topics = models.PositiveIntegerField(default=0)  # what a list needs to know its last page

    objects = ListVersionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "shard"], name="one_list_version_per_shard"),
        ]
