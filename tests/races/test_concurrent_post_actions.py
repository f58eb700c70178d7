"""A post is moved, removed, edited and thanked for at the same moment: no error, and no text lost."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest

from accounts.models import RateCount
from tests.conftest import browser_of, reply_to, start
from tests.races.crowd import count_deadlocks, run_often
from tests.races.drift import find_inconsistencies
from tests.support.concurrency import only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "These words are not to be lost."


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_move_remove_edit_and_thank_lose_no_text(talk, ada, ben, cleo, mia, noor, times):
    before, statuses, lost = count_deadlocks(), Counter(), 0
    writer, reader, moderator, admin = (browser_of(person) for person in (ben, cleo, mia, noor))
    for _ in range(times):
        RateCount.objects.all().delete()
        one, other = start(talk, ada, "One"), start(talk, ada, "Other")
        post = reply_to(one, ben)
        edit = {"body": TEXT, "version": 1, "submission_key": str(uuid4())}
        move = {"post": post.pk, "into": other.get_absolute_url()}
        outcomes = run_concurrently(
            partial(writer.post, f"/p/{post.pk}/edit/", edit),
            partial(moderator.post, f"{one.get_absolute_url()}move-posts/", move),
            partial(admin.post, f"/p/{post.pk}/remove/", {"reason": "Spam."}),
            partial(reader.post, f"/p/{post.pk}/thank/"),
        )
        assert only_errors(outcomes) == []
        statuses.update(response.status_code for response in outcomes)
        edited = outcomes[0]
        lost += edited.status_code != 302 and TEXT not in edited.text
    print(f"one post at once: {times} rounds, {dict(statuses)}, texts lost: {lost}")
    assert lost == 0
    assert max(statuses) < 500
    assert (count_deadlocks(), find_inconsistencies()) == (before, [])
