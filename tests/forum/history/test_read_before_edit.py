"""Which posts are marked as changed for a reader: those that they were shown, and that others edited since."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from forum.models import AlwaysShown, Post, Topic
from forum.read_state.unread import ReadProgress
from forum.thanks import folding

VISIT = datetime(2026, 1, 2, tzinfo=UTC)
BEFORE, AFTER = VISIT - timedelta(hours=1), VISIT + timedelta(hours=1)
READER, EDITOR = User(pk=1), 2


def notice_time(
    *, position: int | None = 5, post: int = 5, by: int = EDITOR, at: datetime | None = AFTER
) -> datetime | None:
    reached = ReadProgress(position, BEFORE, VISIT, BEFORE)
    return reached.read_before_edit(Post(position=post, edited_by_id=by, edited_at=at), READER)


def test_post_edited_by_another_member_after_the_visit_is_marked():
    assert notice_time() == notice_time(post=4) == VISIT


@pytest.mark.parametrize(
    "changed_arguments",
    [{"position": None}, {"post": 6}, {"by": READER.pk}, {"at": BEFORE}, {"at": None}, {"at": VISIT}],
    ids=["never there", "further on", "by themselves", "before", "never edited", "shown as it is"],
)
def test_own_unread_or_unchanged_post_is_not_marked(changed_arguments):
    assert notice_time(**changed_arguments) is None


@pytest.mark.django_db
def test_always_show_does_nothing_for_a_post_that_is_not_collapsed(topic, bens, ben):
    before = Topic.objects.get(pk=topic.pk).version
    assert folding.always_show(post=bens, by=ben) is False
    assert not AlwaysShown.objects.exists()
    assert Topic.objects.get(pk=topic.pk).version == before
