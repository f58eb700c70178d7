"""A post is moved between reading it and locking its topic: the service starts again, and changes the topic where it
is."""

import pytest

from forum.access import locks
from forum.access.errors import PostMoved
from forum.models import Post, Removal, Topic
from moderation.posts.remove import remove_post
from moderation.topics.split import split_posts
from tests.conftest import browser_of
from tests.races.drift import find_inconsistencies

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(topic, bens, mia) -> tuple[Post, Topic]:
    """Ben's reply as a reader saw it, and the topic where it is now."""
    new = split_posts(topic=topic, posts=[bens.pk], section=topic.section, title="New", by=mia)
    return bens, new


def test_action_on_a_stale_copy_of_a_moved_post_raises_post_moved(moved, mia):
    stale, _ = moved
    with pytest.raises(PostMoved):
        remove_post(post=stale, by=mia, reason="Spam.")
    assert not Removal.objects.exists()
    assert find_inconsistencies() == []


@pytest.mark.slow
def test_request_is_retried_when_the_post_moves_before_locking(moved, mia, monkeypatch):
    """As if the post was moved while the page was about to take the lock."""
    stale, new = moved
    locked, times = locks.lock_post, []

    def late(post, **said):
        times.append(post.topic_id)
        return locked(stale if len(times) == 1 else post, **said)

    monkeypatch.setattr(locks, "lock_post", late)
    assert browser_of(mia).post(f"/p/{stale.pk}/remove/", {"reason": "Spam."}).status_code == 302
    assert len(times) == 2
    assert Removal.objects.get().post.topic == new
    assert find_inconsistencies() == []
