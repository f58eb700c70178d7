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


def shown_facts(entry: LogEntry, reader: User) -> dict[str, tuple[str, str]]:
    return {fact.name: (fact.before, fact.after) for fact in readable_facts(entry, reader)}


def test_entry_page_of_pin_without_end_has_no_facts_or_self_link(sign_in, topic, mia):
    pin_topic(topic=topic, by=mia)
    entry = LogEntry.objects.get()
    assert shown_facts(entry, mia) == {}
    page = sign_in(mia).get(f"/moderation/log/{entry.pk}/").text
    assert 'id="facts"' not in page
    assert f'href="/moderation/log/{entry.pk}/"' not in page
    assert f'href="/moderation/log/{entry.pk}/"' in sign_in(mia).get("/moderation/log/").text


def test_pin_end_uses_standard_time_format(topic, mia):
    until = timezone.now() + timedelta(days=3)
    pin_topic(topic=topic, by=mia, until=until)
    assert shown_facts(LogEntry.objects.get(), mia) == {"Until": ("", format_time(until))}


def test_facts_show_reason_but_no_row_ids(topic, bens, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    remove_post(post=bens, by=mia, reason="Spam.")
    close, remove = LogEntry.objects.order_by("pk")
    assert shown_facts(close, mia) == {"Reason": ("", "Solved.")}
    assert not {"number of the removal", "removal", "Removal"} & shown_facts(remove, mia).keys()
