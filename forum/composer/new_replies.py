"""New replies by others since a person began to write."""

from dataclasses import dataclass

from accounts.models import User
from forum.models import Post, Topic
from forum.models.post import PostQuerySet
from forum.quotes.display import has_quotes, quotes_in, revision_key

MAX_SHOWN = 20
MAX_COUNTED = 100


def _since(topic: Topic, since: int, reader: User) -> PostQuerySet:
    visible: PostQuerySet = topic.posts.visible_to(reader).filter(removal=None)
    return visible.filter(position__gt=since).exclude(author=reader)


def count(topic: Topic, *, since: int, reader: User) -> int:
    """Returns the number of new replies, at most MAX_COUNTED. Called repeatedly while someone writes."""
    return _since(topic, since, reader)[:MAX_COUNTED].count()


@dataclass(frozen=True)
class NewReply:
    post: Post
    html: str  # with the quotes that the reader may see


def new_replies(topic: Topic, *, since: int, reader: User) -> list[NewReply]:
    """Returns the first new replies in order."""
    posts = list(_since(topic, since, reader).select_related("author").order_by("position")[:MAX_SHOWN])
    quotes = quotes_in([revision_key(post) for post in posts if has_quotes(post.html)], reader)
    return [NewReply(post, quotes.fill(revision_key(post), post.html)) for post in posts]
