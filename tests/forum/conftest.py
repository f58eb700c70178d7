"""Feeds with entries in them; and attachments made during a test of the forum."""

import pytest

from forum.models import PollOption, Topic
from forum.polls.polls import PollTerms
from moderation.posts.highlight import highlight_post
from tests.conftest import reply_to, start
from tests.support.attachments import attach, attachment_dir  # noqa: F401 - fixtures
from tests.support.feed_reader import ALL, ANNOUNCEMENTS, HIGHLIGHTS, TALK, of


@pytest.fixture
def every_feed(topic, news, mia, bens) -> list[str]:
    """Each with entries in it."""
    start(news, mia, "We moved")
    highlight_post(post=bens, by=mia)
    return [ALL, ANNOUNCEMENTS, HIGHLIGHTS, TALK, of(topic)]


DRINKS = PollTerms(("Tea", "Coffee", "Water"))


@pytest.fixture
def polled(talk, ada) -> Topic:
    """Ada asks what to drink: one choice, open, without an end date."""
    return start(talk, ada, "What do you drink?", poll=DRINKS)


@pytest.fixture
def tea(polled) -> PollOption:
    return polled.poll.options.get(text="Tea")


@pytest.fixture
def coffee(polled) -> PollOption:
    return polled.poll.options.get(text="Coffee")


@pytest.fixture
def long_topic(talk, ada, ben, cleo) -> Topic:
    """45 posts on three pages, all new to Cleo."""
    topic = start(talk, ada)
    for _ in range(44):
        reply_to(topic, ben)
    topic.refresh_from_db()
    return topic
