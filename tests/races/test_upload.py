"""The same upload twenty times at once is one attachment; and nobody exceeds the daily limit."""

from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import RateCount
from forum.attachments.upload import DailyLimitReached
from forum.models import Attachment
from tests.conftest import reply_to
from tests.races.crowd import count_deadlocks, run_often
from tests.support.attachments import files_in
from tests.support.concurrency import only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 20


@pytest.fixture
def no_unique_submissions(transactional_db):
    """Drops the constraint from the database until the test is over."""
    key = next(c for c in Attachment._meta.constraints if c.name == "one_attachment_per_submission")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Attachment, key)
    yield
    Attachment.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Attachment, key)


def upload_concurrently(attach, by, content: bytes) -> list:
    """Sends the same file for the same text, from so many tabs at once."""
    return run_concurrently(*[partial(attach, by, "bell.txt", content, submission_key=uuid4())] * CLICKS)


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_identical_uploads_make_one_attachment(attach, ada, mia, attachment_dir, times):
    twins = 0
    for number in range(times):
        outcomes = upload_concurrently(attach, mia, b"%d" % number)
        assert only_errors(outcomes) == []
        twins += len({one.pk for one in outcomes}) - 1
        assert Attachment.objects.count() == len(files_in(attachment_dir)) == number + 1
    print(f"twins of an upload: {twins} of {times} rounds with {CLICKS} clicks")
    assert twins == 0


def test_control_without_unique_key_duplicates_arise(attach, mia, no_unique_submissions, attachment_dir):
    upload_concurrently(attach, mia, b"x")
    assert Attachment.objects.count() > 1


@pytest.mark.slow
@run_often(1, 20)
def test_concurrent_uploads_do_not_exceed_daily_limit(attach, ada, attachment_dir, settings, times):
    settings.ATTACHMENTS_A_DAY = 10_000
    for _ in range(times):
        RateCount.objects.all().delete()
        before = Attachment.objects.count()
        outcomes = run_concurrently(
            *[partial(attach, ada, "bell.txt", b"%02d" % n + b"x" * 998) for n in range(50)]
        )
        assert {type(error) for error in only_errors(outcomes)} == {DailyLimitReached}
        assert Attachment.objects.count() - before == 10
        assert len(files_in(attachment_dir)) == Attachment.objects.count()


@pytest.mark.slow
@run_often(3, 100)
def test_posts_sharing_attachments_do_not_deadlock(attach, topic, mia, times):
    before = count_deadlocks()
    for _ in range(times):
        kept = [attach(mia, "bell.txt", b"%d" % number) for number in range(4)]
        there, back = ("\n".join(one.markdown for one in order) for order in (kept, kept[::-1]))
        posts = run_concurrently(partial(reply_to, topic, mia, there), partial(reply_to, topic, mia, back))
        assert only_errors(posts) == []
        owners = set(
            Attachment.objects.filter(pk__in=[one.pk for one in kept]).values_list("post", flat=True)
        )
        assert len(owners) == 1
    assert count_deadlocks() == before
