"""Every counter agrees with the rows it counts, after each act that removes or moves topics and posts."""

import pytest

from accounts.models import LogEntry
from config.backup.check_counters import faults
from forum.models import SectionVersion, Topic
from moderation.log.undo import undo_entry
from moderation.members.remove_all_posts import remove_all_posts
from moderation.topics.merge import merge_topic
from moderation.topics.move import move_topic
from moderation.topics.remove import remove_topic
from moderation.topics.split import split_posts
from tests.conftest import reply_to, start

pytestmark = pytest.mark.django_db


def undo(act: str, by) -> None:
    undo_entry(entry=LogEntry.objects.get(act=act), by=by)


ACTIONS = {
    "remove_topic": lambda topic, other, news, by: remove_topic(topic=topic, by=by, reason="r"),
    "move_topic": lambda topic, other, news, by: move_topic(topic=topic, to=news, by=by),
    "merge": lambda topic, other, news, by: merge_topic(topic=topic, into=other, by=by),
    "split": lambda topic, other, news, by: split_posts(
        topic=topic, posts=[topic.posts.last().pk], section=news, title="Split", by=by
    ),
    "remove_everything": lambda topic, other, news, by: remove_all_posts(
        member=topic.started_by, by=by, reason="r"
    ),
}


@pytest.mark.parametrize("act", ACTIONS)
def test_counters_agree_after_action_and_its_undo(act, topic, ada, talk, news, mia):
    reply_to(topic, ada)
    other = start(talk, ada, "Other")
    ACTIONS[act](topic, other, news, mia)
    assert faults() == []
    undo(act, mia)
    assert faults() == []


def test_control_wrong_counter_is_detected(topic):
    SectionVersion.objects.filter(section=topic.section).update(topics=7)
    Topic.objects.filter(pk=topic.pk).update(reply_count=7)
    assert faults() == ["1 topics with a wrong number of replies", "1 sections with a wrong number of topics"]
