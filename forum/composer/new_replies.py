"""New replies by others since a person began to write."""

from accounts.models import User
from forum.models import Post, Topic
from forum.models.post import PostQuerySet
from forum.quotes.display import holds_quotes, quotes_in, text_of

SHOWN = 20
COUNTED = 100


def _since(topic: Topic, since: int, reader: User) -> PostQuerySet:
    standing: PostQuerySet = topic.posts.visible_to(reader).filter(removal=None)
    return standing.filter(position__gt=since).exclude(author=reader)


def count(topic: Topic, *, since: int, reader: User) -> int:
    """Returns the number of new replies, at most COUNTED. Called repeatedly while someone writes."""
    return _since(topic, since, reader)[:COUNTED].count()


def answers(topic: Topic, *, since: int, reader: User) -> list[Post]:
    """Returns the first new replies in order, with the quotes that this reader may see."""
    posts = list(_since(topic, since, reader).select_related("author").order_by("position")[:SHOWN])
    quotes = quotes_in([text_of(post) for post in posts if holds_quotes(post.html)], reader)
    for post in posts:
        post.html = quotes.fill(text_of(post), post.html)
    return posts
