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
AWAY = {
    "by its author": (lambda post, mia: remove_post(post=post, by=post.author), True),
    "by staff": (lambda post, mia: remove_post(post=post, by=mia, reason="Spam."), False),
    "held": (lambda post, mia: held(post), False),
}


@pytest.mark.parametrize("how", AWAY)
def test_the_record_of_a_restored_post_says_whether_its_author_had_taken_it_back(how, bens, mia, noor):
    take_away, is_authors = AWAY[how]
    take_away(bens, mia)
    restore_post(post=bens, by=noor)
    assert LogEntry.objects.get(act="restore").facts["before"]["taken_back"] is is_authors


def test_the_record_of_a_held_post_that_is_removed_says_that_nobody_had_taken_it_back(bens, mia):
    held(bens)
    remove_post(post=bens, by=mia, reason="Spam.")
    facts = LogEntry.objects.get(act="remove").facts["before"]
    assert (facts["taken_back"], facts["kind"]) == (False, "held")


def test_left_to_its_author_a_removal_says_nothing_of_staff(topic, bens, ben, mia):
    rule = Rule.objects.current()[0]
    remove_post(post=bens, by=mia, reason="Spam.", rule=rule)
    post = Post.objects.select_related("removal", "author", "topic").get(pk=bens.pk)
    leave_to_author(post.topic, post, by=mia)
    removal = Removal.objects.get(post=bens)
    assert (removal.removed_by, removal.reason, removal.rule) == (ben, "", None)
    assert restore_post(post=bens, by=ben)
