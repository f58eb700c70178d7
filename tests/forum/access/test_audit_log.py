"""Entries of the audit log have the title, topic and section of what they are about."""

import pytest

from forum.access.audit_log import record_on
from forum.models import PendingPost

pytestmark = pytest.mark.django_db


def place_of(entry) -> tuple:
    return entry.target_kind, entry.target_id, entry.target_name, entry.topic_id, entry.section_id


def test_a_topic_and_its_post(topic, bens, mia):
    where = (topic.title, topic.pk, topic.section_id)
    assert place_of(record_on("pin", topic, by=mia)) == ("topic", topic.pk, *where)
    assert place_of(record_on("remove", bens, by=mia)) == ("post", bens.pk, *where)


def test_a_section(talk, noor):
    assert place_of(record_on("make_section", talk, by=noor)) == (
        "section",
        talk.pk,
        talk.name,
        None,
        talk.pk,
    )


def test_what_belongs_to_a_topic(topic, bens, mia):
    entry = record_on("settle_removed", topic, target=bens, name="reporter 1", by=mia)
    assert place_of(entry) == ("post", bens.pk, "reporter 1", topic.pk, topic.section_id)


def test_a_pending_topic_is_in_its_section(talk, ada, mia):
    pending = PendingPost(pk=1, author=ada, section=talk, title="New lamps")
    entry = record_on("refuse_waiting", pending, by=mia)
    assert place_of(entry) == ("pendingpost", 1, "New lamps", None, talk.pk)


def test_the_facts(topic, mia):
    assert record_on("pin", topic, by=mia).facts == {}
    assert record_on("pin", topic, by=mia, after={"pin": 1}).facts == {"before": None, "after": {"pin": 1}}
    assert record_on("pin", topic, by=mia, facts={"waiting": 1}).facts == {"waiting": 1}


def test_the_entry_that_is_undone_knows_it_without_a_query(topic, mia, django_assert_num_queries):
    entry = record_on("pin", topic, by=mia)
    undo = record_on("unpin", topic, by=mia, undoes=entry)
    with django_assert_num_queries(0):
        assert entry.undone_by == undo
