"""Notifies staff of a flagged post."""

from django.utils.translation import gettext as _

from accounts.models import User
from core.text import graphemes
from forum.access import permissions
from forum.models import Post
from forum.models.limits import REASON_MAX
from notifications.inbox.notify import notify


def notify_staff(post: Post, words: str) -> None:
    """Notifies all staff of the section. Call it in the transaction that writes the post. `words` is cut, since an
    external check may return a text of any length."""
    topic = post.topic
    text = _("A post by %(author)s in “%(topic)s” was flagged: %(words)s") % {
        "author": post.author.name,
        "topic": topic.title,
        "words": graphemes.truncate_with_ellipsis(words, REASON_MAX),
    }
    for person in User.objects.exclude(role=User.Role.MEMBER).order_by("pk"):
        if permissions.is_staff_in(person, topic.section):
            notify(member=person, text=text, url=post.get_absolute_url())
