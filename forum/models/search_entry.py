"""The entry of a visible post in the search index."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from forum.models.post import Post
from forum.models.topic import Topic


class SearchEntry(models.Model):
    """A removed post has none. forum/search_index/store.py writes them, lexemes.py beside it explains `words`."""

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    # Copies, so that a search reads no posts before it knows which ones it shows.
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    posted_at = models.DateTimeField()
    words = SearchVectorField()
    # Of forum/search_index/store.py when it was written; older entries are written again.
    version = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            # Without fastupdate: a search would have to read what was added since the last cleanup, and a reply would
            # sometimes have to clean up.
            GinIndex(fields=["words"], name="posts_by_word", fastupdate=False),
        ]
