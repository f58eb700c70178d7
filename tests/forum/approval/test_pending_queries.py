"""What pending posts cost in queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Group
from forum.models import Section, SectionGrant, Topic
from tests.conftest import reply_to
from tests.forum.approval.test_pending_posts import held
from tests.support.newcomers import LINKS, terms

pytestmark = pytest.mark.django_db


def queries(client, topic) -> int:
    client.get(topic.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        client.get(topic.get_absolute_url())
    return len(captured)


def test_ten_texts_that_wait_cost_as_many_queries_as_one(topic, talk, nora, sign_in):
    """Also where only a group may read, which must not be queried for each row."""
    terms(posts=50)
    group = Group.objects.create(name="Ringers")
    group.members.add(nora)
    Section.objects.update(read_by="groups", reply_by="groups")
    for act in SectionGrant.Act.values:
        SectionGrant.objects.create(section=talk, group=group, act=act)
    topic = Topic.objects.get(pk=topic.pk)
    held(topic, nora)
    once = queries(sign_in(nora), topic)
    for number in range(3):
        held(topic, nora, f"{LINKS} {number}")
    assert queries(sign_in(nora), topic) == once


def test_a_trusted_members_reply_asks_nothing_more(topic, ben):
    """Only new members pay for their limits; word rules are read once in some seconds."""
    reply_to(topic, ben, "Warm.")
    with CaptureQueriesContext(connection) as captured:
        reply_to(topic, ben, "Hot.")
    said = " ".join(query["sql"] for query in captured)
    assert not any(
        table in said for table in ("pendingpost", "watchedword", "newmemberlimits", "textfingerprint")
    )


def test_a_page_that_nothing_waits_on_costs_nobody_more(topic, ben, mia, nora, sign_in):
    pages = {who: queries(sign_in(who), topic) for who in (ben, mia)}
    held(topic, nora)
    assert queries(sign_in(ben), topic) == pages[ben]
    assert queries(sign_in(mia), topic) == pages[mia] + 1
