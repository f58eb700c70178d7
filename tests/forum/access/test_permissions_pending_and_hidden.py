"""Permissions without an equivalent list rule: for posts awaiting approval, and for auto-hidden posts."""

from uuid import uuid4

import pytest

from accounts.models import User
from forum.access import permissions
from forum.models import PendingPost, Post, Topic
from moderation.posts.remove import auto_hide_post, remove_post
from tests.conftest import make_user

pytestmark = pytest.mark.django_db


def section_moderator(section, name: str) -> User:
    moderator = make_user(name, "moderator")
    User.objects.filter(pk=moderator.pk).update(moderates=[section.pk])
    return User.objects.get(pk=moderator.pk)


def test_pending_post_is_visible_only_to_author_and_section_staff(topic, talk, news, ada, nora, mia):
    text = PendingPost.objects.create(
        author=nora,
        section=talk,
        topic=topic,
        body="Hm.",
        html="<p>Hm.</p>",
        submission_key=uuid4(),
        why="first",
    )
    people = [
        (nora, True),
        (mia, True),
        (section_moderator(talk, "tom"), True),
        (ada, False),
        (section_moderator(news, "sam"), False),
    ]
    assert [permissions.can_see_pending(person, text) for person, _ in people] == [may for _, may in people]


def test_section_staff_can_remove_an_auto_hidden_post_only_once(topic, bens, talk, news, mia):
    def may_remove(person: User) -> bool:
        post = Post.objects.select_related("removal", "topic__section", "topic__closure").get(pk=bens.pk)
        return permissions.can_remove(person, post)

    people = [
        (mia, True),
        (section_moderator(talk, "tom"), True),
        (section_moderator(news, "sam"), False),
        (bens.author, False),
    ]
    auto_hide_post(Topic.objects.get(pk=topic.pk), bens)
    assert [may_remove(person) for person, _ in people] == [may for _, may in people]
    remove_post(post=bens, by=mia, reason="Spam.")
    assert [may_remove(person) for person, _ in people] == [False] * len(people)
