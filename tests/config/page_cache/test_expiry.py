"""A page that expires by itself, such as one of a poll with an end, is made anew after that moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.availability import database_monitor
from forum.models import Poll
from forum.polls.polls import PollTerms, create_poll
from tests.support.wsgi_client import Visitor, count_queries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def poll(topic) -> Poll:
    """Its poll ends in five minutes."""
    poll = create_poll(topic, PollTerms(("Yes", "No"), days=1), at=timezone.now())
    Poll.objects.update(closes_at=timezone.now() + timedelta(minutes=5))
    poll.refresh_from_db()
    return poll


def test_end_of_poll_is_shown_at_once(visitor, front, topic, poll, clock):
    address = topic.get_absolute_url()
    assert "<span>Open until " in visitor.get(address).text
    assert count_queries(visitor, address) == 0  # the control: it is cached
    clock.move_on(minutes=6)
    said = visitor.get(address).text
    assert "Closed " in said
    assert "Sign in to vote" not in said
    assert database_monitor.poll_now(within=120)
    assert count_queries(visitor, address) == 0  # and from then on it does not change


def test_expired_page_of_other_process_is_not_served(make_front, topic, poll, clock):
    address = topic.get_absolute_url()
    assert "<span>Open until " in Visitor(make_front()).get(address).text
    another = Visitor(make_front())
    clock.move_on(minutes=6)
    assert "Closed " in another.get(address).text
