"""Feeds with something in them; and what is attached during a test of the forum."""

import pytest

from moderation.highlighting import highlight
from tests.attachments import attach, kept_in  # noqa: F401 - fixtures
from tests.conftest import start
from tests.feed_reader import ALL, ANNOUNCEMENTS, HIGHLIGHTS, TALK, of


@pytest.fixture
def every_feed(topic, news, mia, bens) -> list[str]:
    """Each with something in it."""
    start(news, mia, "We moved")
    highlight(post=bens, by=mia)
    return [ALL, ANNOUNCEMENTS, HIGHLIGHTS, TALK, of(topic)]
