"""Costly work runs one request after another, and few requests may wait for it."""

import threading

import pytest

from accounts.models import User
from accounts.rate_limiting import turns
from accounts.rate_limiting.rate_counter import RateLimitExceeded

LONG = turns.EXPENSIVE_LENGTH


def member(pk: int) -> User:
    return User(pk=pk, name=f"member{pk}")


def test_member_has_one_expensive_turn_at_a_time():
    with turns.exclusive_turn(by=member(1), length=LONG):
        with pytest.raises(RateLimitExceeded) as refused, turns.exclusive_turn(by=member(1), length=LONG):
            pass
        assert refused.value.retry_after > 0
        with turns.exclusive_turn(by=member(1), length=LONG - 1):
            pass
    with turns.exclusive_turn(by=member(1), length=LONG):
        pass


def test_failed_turn_is_released():
    with pytest.raises(ZeroDivisionError), turns.exclusive_turn(by=member(1), length=LONG):
        raise ZeroDivisionError
    with turns.exclusive_turn(by=member(1), length=LONG):
        pass


def test_turns_run_one_at_a_time_and_waiting_members_are_limited():
    at_work, over = [], threading.Event()
    most_at_work = [0]
    begun = threading.Semaphore(0)

    def work(pk: int, **said: bool) -> None:
        begun.release()
        with turns.exclusive_turn(by=member(pk), length=LONG, **said):
            at_work.append(pk)
            most_at_work[0] = max(most_at_work[0], len(at_work))
            over.wait(60)
            at_work.remove(pk)

    threads = [threading.Thread(target=work, args=(1,), kwargs={"twice": True}) for _ in range(2)]
    threads += [threading.Thread(target=work, args=(2,))]
    for thread in threads:
        thread.start()
        begun.acquire()
    try:
        for _ in range(6_000):  # a minute, if they never come
            if turns._active.total() == turns.MAX_MEMBERS or over.wait(0.01):
                break
        with pytest.raises(RateLimitExceeded), turns.exclusive_turn(by=member(3), length=LONG):
            pass
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert most_at_work == [1]
    assert not turns._active
