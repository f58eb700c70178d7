"""What one member or one topic has is looked up with a plan of its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from forum.models import Post
from forum.models.planned_for import planned_for

pytestmark = pytest.mark.django_db


def test_member_is_written_into_the_statement(topic, ben):
    sql, params = Post.objects.by(ben).query.sql_with_params()
    assert f"({ben.pk})" in sql
    assert ben.pk not in params
    assert [post.author for post in Post.objects.by(ben)] == [ben]


@pytest.mark.parametrize("name", ["o'clock", "back\\slash", '"quoted"', "100%", "$1", "?"])
def test_written_text_is_quoted(name):
    User.objects.filter(pk=User.objects.create_user("person", "p@example.org").pk).update(name=name)
    assert User.objects.get(name=planned_for(name)).name == name


@pytest.mark.parametrize("address", ["profile", "staff replies"])
def test_lists_of_one_member_or_topic_keep_no_common_plan(address, topic, ben, guest):
    path, written = {
        "profile": (ben.get_absolute_url(), f'"author_id" = ({ben.pk})'),
        "staff replies": (topic.url_for("official"), f'"topic_id" = ({topic.pk})'),
    }[address]
    with CaptureQueriesContext(connection) as captured:
        assert guest.get(path).status_code == 200
    assert any(written in query["sql"] for query in captured)
