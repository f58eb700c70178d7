"""What pending posts cost in queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Group
from forum.models import Section, SectionGrant, Topic
from tests.conftest import reply_to
from tests.forum.approval.test_pending_posts import create_pending_reply
from tests.support.new_member_limits import LINKS, set_limits

pytestmark = pytest.mark.django_db


def count_queries(client, topic) -> int:
    client.get(topic.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        client.get(topic.get_absolute_url())
    return len(captured)


@pytest.mark.slow
def test_several_pending_posts_cost_as_many_queries_as_one(topic, talk, nora, sign_in):
    """Also where only a group may read, which must not be queried for each row."""
    set_limits(posts=50)
    group = Group.objects.create(name="Ringers")
    group.members.add(nora)
    Section.objects.update(read_by="groups", reply_by="groups")
    for act in SectionGrant.Act.values:
        SectionGrant.objects.create(section=talk, group=group, act=act)
    topic = Topic.objects.get(pk=topic.pk)
    create_pending_reply(topic, nora)
    once = count_queries(sign_in(nora), topic)
    for number in range(3):
        create_pending_reply(topic, nora, f"{LINKS} {number}")
    assert count_queries(sign_in(nora), topic) == once


def test_reply_by_an_established_member_queries_no_antispam_tables(topic, ben):
    """Only new members pay for their limits; word rules are read once in some seconds."""
    reply_to(topic, ben, "Warm.")
    with CaptureQueriesContext(connection) as captured:
        reply_to(topic, ben, "Hot.")
    said = " ".join(query["sql"] for query in captured)
    assert not any(
        table in said for table in ("pendingpost", "watchedword", "newmemberlimits", "textfingerprint")
    )


@pytest.mark.slow
def test_pending_post_costs_staff_one_query_and_other_members_none(topic, ben, mia, nora, sign_in):
    pages = {who: count_queries(sign_in(who), topic) for who in (ben, mia)}
    create_pending_reply(topic, nora)
    assert count_queries(sign_in(ben), topic) == pages[ben]
    assert count_queries(sign_in(mia), topic) == pages[mia] + 1
