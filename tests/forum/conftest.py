import pytest

from moderation.highlighting import highlight
from tests.conftest import start
from tests.feed_reader import ALL, ANNOUNCEMENTS, HIGHLIGHTS, TALK, of


@pytest.fixture
def every_feed(topic, news, mia, bens) -> list[str]:
    """Each with something in it."""
    start(news, mia, "We moved")
    highlight(post=bens, by=mia)
    return [ALL, ANNOUNCEMENTS, HIGHLIGHTS, TALK, of(topic)]
