"""Votes from many clicks at once: one row per member where one option may be chosen, and counts that equal the number
of rows."""

import random
from functools import partial

import pytest
from django.db import connection
from django.db.models import Count

from accounts.rate_limiting import limits as rate_limits
from config.backup.check_counters import faults
from forum.models import Poll, PollOption, Topic, Vote
from forum.models.topic import TopicQuerySet
from forum.polls.polls import PollTerms
from forum.polls.vote import retract_vote, vote
from tests.conftest import start
from tests.races.crowd import crowd, deadlocks, run_often
from tests.support.racing import at_once, only_errors, take_the_locks_out

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 20


@pytest.fixture(autouse=True)
def no_rates(monkeypatch):
    """Members without limits on votes."""
    monkeypatch.setattr(rate_limits, "count_action", lambda *given, **said: None)


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


def polled(talk, ada, **terms) -> tuple[Topic, list[int]]:
    topic = start(talk, ada, "Which?", poll=PollTerms(("One", "Two", "Three"), **terms))
    return topic, list(topic.poll.options.order_by("position").values_list("pk", flat=True))


def agrees() -> bool:
    """Is every option's count the number of its rows?"""
    rows = dict(Vote.objects.values_list("option").annotate(Count("pk")))
    return all(votes == rows.get(pk, 0) for pk, votes in PollOption.objects.values_list("pk", "votes"))


@run_often(2, 200)
def test_twenty_clicks_are_one_vote(talk, ada, ben, times):
    """Half of the rounds click one option, half of them all three."""
    topic, options = polled(talk, ada)
    twins = 0
    for number in range(times):
        choices = options[: 1 if number % 2 else 3]
        clicks = [partial(vote, topic=topic, by=ben, options=[random.choice(choices)]) for _ in range(CLICKS)]
        assert only_errors(at_once(*clicks)) == []
        twins += Vote.objects.filter(member=ben).count() - 1
        assert agrees()
        assert Poll.objects.get().voters == 1
        assert retract_vote(topic=topic, by=ben)
    print(f"twins among votes: {twins} of {times} rounds with {CLICKS} clicks")
    assert twins == 0


def test_the_key_alone_leaves_one_vote(talk, ada, ben, monkeypatch):
    """Without the lock two options are chosen at once, and the database accepts one."""
    topic, options = polled(talk, ada)
    with monkeypatch.context() as patch:
        take_the_locks_out(patch, TopicQuerySet, people=CLICKS)
        at_once(*[partial(vote, topic=topic, by=ben, options=[options[n % 3]]) for n in range(CLICKS)])
    assert Vote.objects.filter(member=ben).count() == 1


def test_without_the_unique_keys_and_the_lock_there_are_twins(talk, ada, ben, no_unique_vote, monkeypatch):
    topic, options = polled(talk, ada)
    with monkeypatch.context() as patch:
        take_the_locks_out(patch, TopicQuerySet, people=CLICKS)
        at_once(*[partial(vote, topic=topic, by=ben, options=[options[n % 3]]) for n in range(CLICKS)])
    assert Vote.objects.filter(member=ben).count() > 1


@pytest.mark.slow
@run_often(20, 1_000)
@pytest.mark.parametrize("is_multiple", [False, True], ids=["one", "several"])
def test_votes_changed_and_taken_back_by_many_leave_the_counts_right(talk, ada, times, is_multiple):
    people = crowd(10)
    topic, options = polled(talk, ada, is_multiple=is_multiple)
    before, done = deadlocks(), 0
    while done < times:
        calls = []
        for by in people * 2:
            chosen = random.sample(options, random.randint(1, 3) if is_multiple else 1)
            votes = partial(vote, topic=topic, by=by, options=chosen)
            calls.append(random.choice([votes, votes, partial(retract_vote, topic=topic, by=by)]))
        assert only_errors(at_once(*calls)) == []
        assert agrees()
        done += len(calls)
    print(f"mixed votes: {done}, deadlocks {deadlocks() - before}")
    assert faults() == []
    assert deadlocks() == before


def test_a_count_that_is_read_and_written_back_is_wrong(talk, ada, monkeypatch):
    """The control: without the lock, and counting in Python instead of in the database."""
    people = crowd(10)
    topic, (option, *_) = polled(talk, ada)

    def vote_by_hand(by) -> None:
        poll = Topic.objects.locked(topic.pk).poll
        Vote.objects.create(poll=poll, option_id=option, member=by, is_single_choice=True)
        PollOption.objects.filter(pk=option).update(votes=before + 1)

    before = PollOption.objects.get(pk=option).votes
    with monkeypatch.context() as patch:
        take_the_locks_out(patch, TopicQuerySet, people=len(people))
        assert only_errors(at_once(*[partial(vote_by_hand, by) for by in people])) == []
    assert Vote.objects.count() == len(people)
    assert not agrees()
