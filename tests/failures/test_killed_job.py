"""A worker is killed in the middle of removing all posts: the next one completes it."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.failures.forum import ROOT, Forum

pytestmark = pytest.mark.slow
TIMEOUT = 240  # seconds; a check for lost jobs runs every minute


@pytest.fixture
def forum_with_jobs() -> Iterator[Forum]:
    forum = Forum(Path(tempfile.mkdtemp(prefix="belfry-jobs-")))
    try:
        yield forum
    finally:
        forum.shut_down()


def start(forum: Forum, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=forum.environment, start_new_session=True
    )


def count_removed_posts(forum: Forum) -> int:
    return forum.query_database("SELECT count(*) FROM forum_removal")[0][0]


def wait_for_removed_posts(forum: Forum, many: int) -> None:
    deadline = time.monotonic() + TIMEOUT
    while count_removed_posts(forum) < many:
        assert time.monotonic() < deadline, f"{count_removed_posts(forum)} of {many} posts are removed"
        time.sleep(0.2)


def test_next_worker_completes_removal_of_all_posts(forum_with_jobs):
    forum = forum_with_jobs
    posts = len(forum.run_module("tests.failures.remove_all_posts")["posts"])
    worker = start(forum, "-m", "tests.failures.killed_worker")
    assert worker.wait(TIMEOUT) == -signal.SIGKILL
    assert (count_removed_posts(forum), posts) == (2, 6)
    assert forum.query_database(
        "SELECT status FROM procrastinate_jobs WHERE task_name = 'moderation.remove_all_posts'"
    ) == [("doing",)]
    # As if half a minute had passed: a worker without a heartbeat for so long counts as gone.
    forum.query_database("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    worker = start(forum, "manage.py", "worker")
    try:
        wait_for_removed_posts(forum, posts)
    finally:
        worker.kill()
        worker.wait()
