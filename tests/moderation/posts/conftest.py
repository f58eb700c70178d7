"""A post with a revision to hide."""

import pytest

from forum.models import Post
from forum.posts.edit import edit_post
from tests.conftest import reply_to
from tests.support.hidden_revisions import TOKEN


@pytest.fixture
def post(topic, ben) -> Post:
    """Ben's post with five revisions; the third contains what nobody should read."""
    post = reply_to(topic, ben, "One of five.")
    for version, (body, reason) in enumerate(
        [
            ("Two of five.", ""),
            (f"Three, {TOKEN}.", f"Added {TOKEN}"),
            ("Four of five.", "Out"),
            ("Five.", ""),
        ],
        start=1,
    ):
        post = edit_post(post=post, by=ben, body=body, version=version, reason=reason)
    return post
