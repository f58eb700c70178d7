"""The statements of a recorded reply, run again with other values, have the effects of replies."""

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from accounts.models import User
from bench.replaying import Facts, next_reply, script_for
from bench.replies import BARE_TABLE, BareInserts, Cast, Statements
from bench.writers import CLIENTS, per_second
from config.backup.check_counters import faults
from config.sample.bulk_data import grow
from forum.models import Post, Topic

pytestmark = pytest.mark.slow


@pytest.fixture
def large_forum(talk):
    """Enough topics and members for every client to have some of its own."""
    grow(topics=4 * CLIENTS, posts=1_000)
    members = User.objects.filter(email__endswith="@grown.example.org").order_by("pk")
    return list(Topic.objects.order_by("-pk")), list(members)


@pytest.mark.django_db(transaction=True)  # in the transaction of a test, replies have savepoints
def test_replayed_reply_statements_make_new_replies(large_forum):
    topics, members = large_forum
    script = script_for(topics, members)
    topic = topics[-1]
    facts = Facts(topic.pk, 0, topic.last_position, topic.reply_count, None, topic.last_post_at)
    with connection.cursor() as cursor:
        for member in members[:3]:
            facts = next_reply(facts, member.pk)
            script.run(cursor, facts)
    posts = Post.objects.filter(topic=topic, position__gt=topic.last_position).order_by("position")
    assert [post.author for post in posts] == members[:3]
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_clients_replay_replies_without_faults(large_forum):
    topics, members = large_forum
    script = script_for(topics, members)
    with connection.cursor() as cursor:
        cursor.execute(BARE_TABLE)
    said = connection.settings_dict
    dsn = make_conninfo(host=said["HOST"], dbname=said["NAME"], user=said["USER"])
    cast = Cast(dsn, [topic.pk for topic in topics], [member.pk for member in members])
    before = Post.objects.count()
    try:
        assert per_second(BareInserts(cast), seconds=0.1) > 0
        assert per_second(Statements(cast, script), seconds=0.1) > 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bare")
    assert Post.objects.count() - before >= 2 * CLIENTS
    assert faults() == []
