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
def delete_jobs_afterwards(transactional_db):
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


def simulate_dead_worker(job: int, *, silent_for: str = "1 hour", attempts: int = 0) -> None:
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


def run_requeue_task() -> None:
    """Takes the job over a connection like the worker's."""

    async def run() -> None:
        with app.replace_connector(PsycopgConnector(kwargs=connector_params("default"))) as worker:
            async with worker.open_async():
                await tasks.take_up_stalled_jobs(SimpleNamespace(app=worker), timestamp=0)

    asyncio.run(run())


def job_status(job: int) -> str | None:
    return ProcrastinateJob.objects.filter(pk=job).values_list("status", flat=True).first()


def test_job_of_dead_worker_is_requeued():
    job = recount_unread.defer(section=1)
    simulate_dead_worker(job)
    run_requeue_task()
    assert job_status(job) == "todo"


def test_job_of_unlisted_worker_is_requeued():
    job = recount_unread.defer(section=1)
    simulate_dead_worker(job)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    run_requeue_task()
    assert job_status(job) == "todo"


def test_job_of_live_worker_is_not_requeued():
    job = recount_unread.defer(section=1)
    simulate_dead_worker(job, silent_for="0 seconds")
    run_requeue_task()
    assert job_status(job) == "doing"


def test_job_fails_after_too_many_attempts():
    job = recount_unread.defer(section=1)
    simulate_dead_worker(job, attempts=tasks.MOST_ATTEMPTS)
    run_requeue_task()
    assert job_status(job) == "failed"


def test_stalled_job_is_dropped_when_the_same_job_is_queued():
    job = delete_old_fingerprints.defer(timestamp=0)
    simulate_dead_worker(job)
    following = delete_old_fingerprints.defer(timestamp=60)
    other = recount_unread.defer(section=1)
    simulate_dead_worker(other)
    run_requeue_task()
    assert (job_status(job), job_status(following), job_status(other)) == (None, "todo", "todo")


def test_requeue_task_runs_every_minute():
    found = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert found["config.requeue_stalled_jobs"] == "* * * * *"
