"""A job whose worker died is run by another."""

import asyncio
from types import SimpleNamespace

import pytest
from django.db import connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from config import tasks
from forum.tasks import delete_old_fingerprints
from forum.thanks.tasks import recount_unread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs_left(transactional_db):
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def lose(job: int, *, silent_for: str = "1 hour", attempts: int = 0) -> None:
    """As when a worker has taken the job, and has sent no heartbeat since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id",
            [silent_for],
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
            [cursor.fetchone()[0], attempts, job],
        )


def take_up() -> None:
    """Takes the job over a connection like the worker's."""

    async def run() -> None:
        with app.replace_connector(PsycopgConnector(kwargs=connector_params("default"))) as worker:
            async with worker.open_async():
                await tasks.take_up_stalled_jobs(SimpleNamespace(app=worker), timestamp=0)

    asyncio.run(run())


def status_of(job: int) -> str | None:
    return ProcrastinateJob.objects.filter(pk=job).values_list("status", flat=True).first()


def test_it_is_queued_again():
    job = recount_unread.defer(section=1)
    lose(job)
    take_up()
    assert status_of(job) == "todo"


def test_so_is_one_whose_worker_is_not_even_listed_any_more():
    job = recount_unread.defer(section=1)
    lose(job)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    take_up()
    assert status_of(job) == "todo"


def test_one_that_is_being_done_is_left_alone():
    job = recount_unread.defer(section=1)
    lose(job, silent_for="0 seconds")
    take_up()
    assert status_of(job) == "doing"


def test_one_that_takes_every_worker_down_is_given_up():
    job = recount_unread.defer(section=1)
    lose(job, attempts=tasks.MOST_ATTEMPTS)
    take_up()
    assert status_of(job) == "failed"


def test_one_of_a_kind_that_waits_already_makes_room_for_it():
    job = delete_old_fingerprints.defer(timestamp=0)
    lose(job)
    following = delete_old_fingerprints.defer(timestamp=60)
    other = recount_unread.defer(section=1)
    lose(other)
    take_up()
    assert (status_of(job), status_of(following), status_of(other)) == (None, "todo", "todo")


def test_somebody_looks_every_minute():
    found = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert found["config.requeue_stalled_jobs"] == "* * * * *"
