"""Background jobs of Belfry as a whole: requeues jobs whose worker died."""

import logging

from procrastinate import JobContext, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

STALLED_AFTER = 30  # seconds without a heartbeat from the worker, which sends one every ten
MOST_ATTEMPTS = 5  # a job that kills its worker each time is given up

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="config.requeue_stalled_jobs", queueing_lock="take_up_stalled_jobs", pass_context=True)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Requeues jobs that were running when their worker was killed or the database became unavailable. Every job of
    Belfry may run twice: the second run skips what the first one did."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await _take_up(job, manager)


async def _take_up(job: Job, manager: JobManager) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        log.error("Job %s (%s) never finished, and is given up", job.id, job.task_name)
        await manager.finish_job(job, Status.FAILED, delete_job=False)
        return
    log.warning("Job %s (%s) lost its worker, and is queued again", job.id, job.task_name)
    try:
        await manager.retry_job(job)
    except exceptions.UniqueViolation:  # another of its kind is queued already
        await manager.finish_job(job, Status.ABORTED, delete_job=True)
