"""What the log and the removal record about a post that its author had deleted."""

import pytest

from accounts.models import LogEntry, Rule
from forum.models import Post, Removal, Topic
from moderation.posts.remove import auto_hide_post, leave_to_author, remove_post, restore_post

pytestmark = pytest.mark.django_db


def held(post: Post) -> Post:
    auto_hide_post(Topic.objects.get(pk=post.topic_id), post, reason="Reports.")
    return Post.objects.get(pk=post.pk)


# Who removed the post first, and whether its author had.
REMOVALS = {
    "by its author": (lambda post, mia: remove_post(post=post, by=post.author), True),
    "by staff": (lambda post, mia: remove_post(post=post, by=mia, reason="Spam."), False),
    "held": (lambda post, mia: held(post), False),
}


@pytest.mark.parametrize("removal_kind", REMOVALS)
def test_restore_entry_records_whether_author_had_deleted_post(removal_kind, bens, mia, noor):
    remove_first, is_by_author = REMOVALS[removal_kind]
    remove_first(bens, mia)
    restore_post(post=bens, by=noor)
    assert LogEntry.objects.get(act="restore").facts["before"]["taken_back"] is is_by_author


def test_removal_entry_of_auto_hidden_post_records_no_author_deletion(bens, mia):
    held(bens)
    remove_post(post=bens, by=mia, reason="Spam.")
    facts = LogEntry.objects.get(act="remove").facts["before"]
    assert (facts["taken_back"], facts["kind"]) == (False, "held")


def test_removal_left_to_author_drops_staff_reason_and_rule(topic, bens, ben, mia):
    rule = Rule.objects.current()[0]
    remove_post(post=bens, by=mia, reason="Spam.", rule=rule)
    post = Post.objects.select_related("removal", "author", "topic").get(pk=bens.pk)
    leave_to_author(post.topic, post, by=mia)
    removal = Removal.objects.get(post=bens)
    assert (removal.removed_by, removal.reason, removal.rule) == (ben, "", None)
    assert restore_post(post=bens, by=ben)
