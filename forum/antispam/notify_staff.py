"""A text that is posted, and that staff are told of."""

from accounts.models import User
from core.text import graphemes
from forum.access import permissions
from forum.models import Post
from forum.models.limits import REASON_MAX
from notifications.inbox.notify import tell


def tell_staff(post: Post, words: str) -> None:
    """Each of those who may act here; call it in the transaction that writes the text. An outside check may say any
    number of words."""
    topic, found = post.topic, graphemes.shortened(words, REASON_MAX)
    for person in User.objects.exclude(role=User.Role.MEMBER).order_by("pk"):
        if permissions.is_staff_in(person, topic.section):
            text = f"A post by {post.author.name} in “{topic.title}” has words that are looked for: {found}"
            tell(member=person, text=text, url=post.get_absolute_url())
