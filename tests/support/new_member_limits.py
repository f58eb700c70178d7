"""New-member limits, as a test changes them, and posts that await approval."""

import pytest

from accounts.models import User
from forum.access.errors import PostPendingApproval
from forum.antispam.watched_words import cached_rules, search_key
from forum.models import NewMemberLimits, PendingPost, Topic, WatchedWord
from tests.conftest import reply_to

LINKS = "Buy at https://one.example and https://two.example and https://three.example now."


def set_limits(**fields) -> NewMemberLimits:
    """Sets the new-member limits from now on, where they differ from the default."""
    made = NewMemberLimits.objects.current()
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made


def add_watched_word(said: str, act: str = "hold", *, by: User, is_anywhere: bool = False) -> WatchedWord:
    made = WatchedWord.objects.create(
        words=said, key=search_key(said), act=act, is_anywhere=is_anywhere, made_by=by
    )
    cached_rules.cache_clear()
    return made


def only_pending_post() -> PendingPost:
    """Returns the post that awaits approval. Fails unless there is exactly one."""
    return PendingPost.objects.get()


def submit_pending_post(topic: Topic, by: User, body: str = LINKS) -> PendingPost:
    with pytest.raises(PostPendingApproval) as caught:
        reply_to(topic, by, body)
    return caught.value.pending
