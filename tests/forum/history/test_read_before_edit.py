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


def told(
    *, position: int | None = 5, post: int = 5, by: int = EDITOR, at: datetime | None = AFTER
) -> datetime | None:
    reached = ReadProgress(position, BEFORE, VISIT, BEFORE)
    return reached.read_before_edit(Post(position=post, edited_by_id=by, edited_at=at), READER)


def test_what_was_shown_and_edited_since_by_somebody_else():
    assert told() == told(post=4) == VISIT


@pytest.mark.parametrize(
    "said",
    [{"position": None}, {"post": 6}, {"by": READER.pk}, {"at": BEFORE}, {"at": None}, {"at": VISIT}],
    ids=["never there", "further on", "by themselves", "before", "never edited", "shown as it is"],
)
def test_nothing_else(said):
    assert told(**said) is None


@pytest.mark.django_db
def test_what_does_not_fold_is_not_unfolded(topic, bens, ben):
    before = Topic.objects.get(pk=topic.pk).version
    assert folding.always_show(post=bens, by=ben) is False
    assert not AlwaysShown.objects.exists()
    assert Topic.objects.get(pk=topic.pk).version == before
