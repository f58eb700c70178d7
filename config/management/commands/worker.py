"""Runs background jobs until it is stopped."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

CONNECT_WITHIN = 3  # seconds; the supervisor starts the worker again, so failing early is better than hanging
AT_ONCE = 2
POLL_INTERVAL = 1  # second
FINISH_WITHIN = 5  # seconds that running jobs get when the worker is stopped


class Command(BaseCommand):
    help = (
        "Run background jobs. It exits if the database becomes unavailable; the supervisor starts it again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(work())


async def work() -> None:
    """Polls for jobs: a NOTIFY in each reply's transaction would halve the replies per second."""
    connector = PsycopgConnector(
        kwargs=connector_params("default"),
        min_size=1,
        max_size=4,
        timeout=CONNECT_WITHIN,
        reconnect_timeout=CONNECT_WITHIN,
    )
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                concurrency=AT_ONCE,
                fetch_job_polling_interval=POLL_INTERVAL,
                shutdown_graceful_timeout=FINISH_WITHIN,
                listen_notify=False,
                delete_jobs="successful",
            )
