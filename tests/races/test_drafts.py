"""Drafts: many saves at once make one draft; of two devices one gets a conflict; the limit holds; a merge succeeds."""

import threading
import time
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from forum.drafts import store as drafts_store
from forum.drafts.store import DRAFTS_PER_MEMBER, DraftConflict, TooManyDrafts
from forum.models import Draft
from forum.posts import create as posts_create
from moderation.topics.merge import merge_topic
from tests.conftest import start
from tests.races.crowd import run_often
from tests.support.concurrency import only_errors, run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


def deferred_save(by, place: str, body: str, **said):
    return partial(drafts_store.save, by=by, draft_key=place, version=0, body=body, **said)


@pytest.mark.slow
@run_often(3, 200)
def test_concurrent_identical_saves_make_one_draft(mia, times):
    for number in range(times):
        outcomes = run_concurrently(*[deferred_save(mia, f"reply:{number}", "Once.")] * 20)
        assert only_errors(outcomes) == []
        assert (
            len({draft.pk for draft in outcomes})
            == Draft.objects.filter(place=f"reply:{number}").count()
            == 1
        )
        Draft.objects.all().delete()


@pytest.mark.slow
@run_often(3, 200)
def test_concurrent_different_saves_conflict_except_the_first(mia, times):
    for number in range(times):
        outcomes = run_concurrently(
            *[deferred_save(mia, f"reply:{number}", f"device {device}") for device in range(8)]
        )
        refused = only_errors(outcomes)
        assert len(refused) == 7
        kept = Draft.objects.get()
        assert all(isinstance(error, DraftConflict) and error.draft.body == kept.body for error in refused)
        Draft.objects.all().delete()


@pytest.mark.slow
def test_last_free_draft_slot_is_used_once(mia):
    for number in range(DRAFTS_PER_MEMBER - 1):
        drafts_store.save(by=mia, draft_key=f"reply:{number}", version=0, body="x")
    outcomes = run_concurrently(*[deferred_save(mia, f"topic:{number}", "x") for number in range(8)])
    assert [type(error) for error in only_errors(outcomes)] == [TooManyDrafts] * 7
    assert Draft.objects.count() == DRAFTS_PER_MEMBER


@run_often(3, 200)
def test_save_concurrent_with_posting_leaves_no_draft(topic, mia, times):
    for _ in range(times):
        key, place = uuid4(), f"reply:{topic.pk}"
        run_concurrently(
            partial(posts_create.create_reply, topic=topic, by=mia, body="Sent.", submission_key=key),
            deferred_save(mia, place, "Sen", submission_key=key),
        )
        assert drafts_store.find(mia, place) is None
        assert drafts_store.save(by=mia, draft_key=place, version=0, body="The next.", submission_key=uuid4())
        Draft.objects.all().delete()


def test_save_waiting_for_posting_writes_nothing(topic, mia):
    """The save finds the draft row that posting deletes; after waiting for that, it finds none."""
    key, place, is_going = uuid4(), f"reply:{topic.pk}", threading.Event()
    drafts_store.save(by=mia, draft_key=place, version=0, body="Sen", submission_key=key)

    def send():
        with transaction.atomic():
            posts_create.create_reply(topic=topic, by=mia, body="Sent.", submission_key=key)
            is_going.set()
            time.sleep(0.3)

    def save_late():
        is_going.wait()
        return drafts_store.save(by=mia, draft_key=place, version=0, body="Sent.", submission_key=key)

    assert run_concurrently(send, save_late) == [None, None]
    assert not Draft.objects.exists()


@pytest.mark.slow
def test_draft_save_does_not_block_topic_merge(topic, talk, ben, cleo, mia):
    """Both of Ben's drafts stay where they are; Cleo's moves along."""
    into, is_going = start(talk, mia, "Another"), threading.Event()
    here, there = f"reply:{topic.pk}", f"reply:{into.pk}"
    for member in (ben, cleo):
        drafts_store.save(by=member, draft_key=here, version=0, body="Begun here.")

    def save():
        with transaction.atomic():
            drafts_store.save(by=ben, draft_key=there, version=0, body="Begun there.")
            is_going.set()
            time.sleep(0.3)

    def merge():
        is_going.wait()
        return merge_topic(topic=topic, into=into, by=mia)

    assert only_errors(run_concurrently(save, merge)) == []
    kept = set(Draft.objects.values_list("member", "place", "body"))
    assert kept == {
        (ben.pk, here, "Begun here."),
        (ben.pk, there, "Begun there."),
        (cleo.pk, there, "Begun here."),
    }
