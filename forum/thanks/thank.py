"""Thank for a post, and undo that."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.rate_limiting import rate_counter
from forum.access import locks, permissions
from forum.models import Post, Thanks
from forum.web.name_lists import NamedMember

THANK_LIMIT = rate_counter.Limit("thank", 30, 60)

NAMES_SHOWN = 50  # of those who thanked for one post


@transaction.atomic
def thank_post(*, post: Post, by: User, at: datetime | None = None) -> bool:
    """Thanks for the current revision of the post. Returns False if `by` thanked before.

    This works in closed topics too: thanks need no reply, and the reply that solved a topic deserves them."""
    at = at or timezone.now()
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_thank)
    if not Thanks.objects.say(post=post.pk, member=by.pk, revision=post.version, at=at):
        return False
    Post.objects.filter(pk=post.pk).update(thanked=F("thanked") + 1)
    topic.change()
    rate_counter.count_action(THANK_LIMIT, by=by, now=at.timestamp())
    return True


@transaction.atomic
def undo_thanks(*, post: Post, by: User) -> bool:
    """Returns False if there was nothing to undo."""
    topic, post = locks.lock_post(post, by=by, if_may=permissions.can_thank)
    deleted, _ = Thanks.objects.filter(post=post.pk, member=by).delete()
    if not deleted:
        return False
    Post.objects.filter(pk=post.pk).update(thanked=F("thanked") - deleted)
    topic.change(takes_back=True)
    return True


# Reads only so many rows, however many thanked for a post.
THANKED_BY_SQL = """
SELECT thanks.post_id, member.name FROM unnest(%(posts)s::bigint[]) AS post(id)
 CROSS JOIN LATERAL (SELECT * FROM forum_thanks WHERE post_id = post.id ORDER BY id LIMIT %(most)s) AS thanks
  JOIN accounts_user AS member ON member.id = thanks.member_id
 ORDER BY thanks.post_id, thanks.id
"""


def thanked_by(posts: Iterable[Post]) -> dict[int, tuple[NamedMember, ...]]:
    """Returns the first of those who thanked, by post id. One query, or none if nobody did."""
    ids = [post.pk for post in posts if post.thanked and not post.is_removed]
    if not ids:
        return {}
    members = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(THANKED_BY_SQL, {"posts": ids, "most": NAMES_SHOWN})
        for pk, name in cursor.fetchall():
            members[pk].append(NamedMember(name))
    return {pk: tuple(names) for pk, names in members.items()}
