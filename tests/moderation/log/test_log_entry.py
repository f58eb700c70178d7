"""The page of one log entry: no ids that mean nothing to people, no empty rows, no link to itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.models.log_entry import LogEntry
from core.web.times import format_time
from moderation.log.display import readable_facts
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from moderation.topics.pin import pin_topic

pytestmark = pytest.mark.django_db


def shown(entry: LogEntry, reader: User) -> dict[str, tuple[str, str]]:
    return {fact.name: (fact.before, fact.after) for fact in readable_facts(entry, reader)}


def test_a_pin_without_an_end_has_nothing_to_say(sign_in, topic, mia):
    pin_topic(topic=topic, by=mia)
    entry = LogEntry.objects.get()
    assert shown(entry, mia) == {}
    page = sign_in(mia).get(f"/moderation/log/{entry.pk}/").text
    assert 'id="facts"' not in page
    assert f'href="/moderation/log/{entry.pk}/"' not in page
    assert f'href="/moderation/log/{entry.pk}/"' in sign_in(mia).get("/moderation/log/").text


def test_a_moment_is_written_as_everywhere(topic, mia):
    until = timezone.now() + timedelta(days=3)
    pin_topic(topic=topic, by=mia, until=until)
    assert shown(LogEntry.objects.get(), mia) == {"Until": ("", format_time(until))}


def test_a_closure_tells_its_reason_and_no_numbers_of_rows(topic, bens, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    remove_post(post=bens, by=mia, reason="Spam.")
    close, remove = LogEntry.objects.order_by("pk")
    assert shown(close, mia) == {"Reason": ("", "Solved.")}
    assert not {"number of the removal", "removal", "Removal"} & shown(remove, mia).keys()
