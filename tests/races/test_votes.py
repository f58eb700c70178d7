"""Votes from many clicks at once: one row per member where one option may be chosen, and counts that equal the number
of rows."""

import random
from functools import partial

import pytest
from django.db import connection
from django.db.models import Count

from config.backup.check_counters import faults
from forum.models import Poll, PollOption, Topic, Vote
from forum.models.topic import TopicQuerySet
from forum.polls.polls import PollTerms
from forum.polls.vote import retract_vote, vote
from tests.conftest import start
from tests.races.crowd import count_deadlocks, crowd, run_often
from tests.support.concurrency import disable_locks, only_errors, run_concurrently

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_rate_limits")]
CLICKS = 20


@pytest.fixture
def no_unique_vote(transactional_db):
    """Drops the constraints from the database until the test is over."""
    keys = [key for key in Vote._meta.constraints if key.name.startswith("one_vote")]
    with connection.schema_editor() as editor:
        for key in keys:
            editor.remove_constraint(Vote, key)
    yield
    Vote.objects.all().delete()
    with connection.schema_editor() as editor:
        for key in keys:
            editor.add_constraint(Vote, key)


def topic_with_poll(talk, ada, **terms) -> tuple[Topic, list[int]]:
    topic = start(talk, ada, "Which?", poll=PollTerms(("One", "Two", "Three"), **terms))
    return topic, list(topic.poll.options.order_by("position").values_list("pk", flat=True))


def counts_match_rows() -> bool:
    """Is every option's count the number of its rows?"""
    rows = dict(Vote.objects.values_list("option").annotate(Count("pk")))
    return all(votes == rows.get(pk, 0) for pk, votes in PollOption.objects.values_list("pk", "votes"))


@pytest.mark.slow
@run_often(2, 200)
def test_concurrent_votes_by_one_member_count_once(talk, ada, ben, times):
    """Half of the rounds click one option, half of them all three."""
    topic, options = topic_with_poll(talk, ada)
    twins = 0
    for number in range(times):
        choices = options[: 1 if number % 2 else 3]
        clicks = [partial(vote, topic=topic, by=ben, options=[random.choice(choices)]) for _ in range(CLICKS)]
        assert only_errors(run_concurrently(*clicks)) == []
        twins += Vote.objects.filter(member=ben).count() - 1
        assert counts_match_rows()
        assert Poll.objects.get().voters == 1
        assert retract_vote(topic=topic, by=ben)
    print(f"twins among votes: {twins} of {times} rounds with {CLICKS} clicks")
    assert twins == 0


@pytest.mark.slow
def test_unique_key_alone_prevents_second_vote(talk, ada, ben, monkeypatch):
    """Without the lock two options are chosen at once, and the database accepts one."""
    topic, options = topic_with_poll(talk, ada)
    with monkeypatch.context() as patch:
        disable_locks(patch, TopicQuerySet, people=CLICKS)
        run_concurrently(
            *[partial(vote, topic=topic, by=ben, options=[options[n % 3]]) for n in range(CLICKS)]
        )
    assert Vote.objects.filter(member=ben).count() == 1


@pytest.mark.slow
def test_control_without_unique_keys_and_lock_duplicates_arise(talk, ada, ben, no_unique_vote, monkeypatch):
    topic, options = topic_with_poll(talk, ada)
    with monkeypatch.context() as patch:
        disable_locks(patch, TopicQuerySet, people=CLICKS)
        run_concurrently(
            *[partial(vote, topic=topic, by=ben, options=[options[n % 3]]) for n in range(CLICKS)]
        )
    assert Vote.objects.filter(member=ben).count() > 1


@pytest.mark.slow
@run_often(20, 1_000)
@pytest.mark.parametrize("is_multiple", [False, True], ids=["one", "several"])
def test_concurrent_votes_and_retractions_leave_correct_counts(talk, ada, times, is_multiple):
    people = crowd(10)
    topic, options = topic_with_poll(talk, ada, is_multiple=is_multiple)
    before, done = count_deadlocks(), 0
    while done < times:
        calls = []
        for by in people * 2:
            chosen = random.sample(options, random.randint(1, 3) if is_multiple else 1)
            votes = partial(vote, topic=topic, by=by, options=chosen)
            calls.append(random.choice([votes, votes, partial(retract_vote, topic=topic, by=by)]))
        assert only_errors(run_concurrently(*calls)) == []
        assert counts_match_rows()
        done += len(calls)
    print(f"mixed votes: {done}, deadlocks {count_deadlocks() - before}")
    assert faults() == []
    assert count_deadlocks() == before


@pytest.mark.slow
def test_control_counting_in_python_is_wrong(talk, ada, monkeypatch):
    """The control: without the lock, and counting in Python instead of in the database."""
    people = crowd(10)
    topic, (option, *_) = topic_with_poll(talk, ada)

    def vote_by_hand(by) -> None:
        poll = Topic.objects.locked(topic.pk).poll
        Vote.objects.create(poll=poll, option_id=option, member=by, is_single_choice=True)
        PollOption.objects.filter(pk=option).update(votes=before + 1)

    before = PollOption.objects.get(pk=option).votes
    with monkeypatch.context() as patch:
        disable_locks(patch, TopicQuerySet, people=len(people))
        assert only_errors(run_concurrently(*[partial(vote_by_hand, by) for by in people])) == []
    assert Vote.objects.count() == len(people)
    assert not counts_match_rows()
