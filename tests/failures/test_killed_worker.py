"""A web worker is killed in the middle of a reply: what was acknowledged stays, and a resubmission makes no
duplicate."""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from tests.failures.forum import Forum
from tests.failures.killable_app import POINTS
from tests.failures.load import Load
from tests.support.drills import rounds

pytestmark = pytest.mark.slow

OPTIONS = ["--interface=rsgi", "--http=1", "--workers=1", "--log-level=critical"]
ACCEPTED_WITHIN = 5.0  # seconds until the same text, sent again, is accepted


class ServerRestarter:
    """Three web servers of one worker on one port, each restarted at once when it ends. Belfry's own supervisor waits
    before it restarts one that dies every second."""

    def __init__(self, forum: Forum) -> None:
        self.forum = forum
        where = ["--host=127.0.0.1", f"--port={forum.port}"]
        self.command = [
            sys.executable,
            "-m",
            "granian",
            *OPTIONS,
            *where,
            "tests.failures.killable_app:application",
        ]
        self.servers = [self.start() for _ in range(3)]
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.restart_ended_servers, daemon=True)
        self.thread.start()

    def start(self) -> subprocess.Popen[bytes]:
        return self.forum.start_web(self.command)

    def restart_ended_servers(self) -> None:
        while not self.is_over.wait(0.02):
            self.servers = [self.start() if one.poll() is not None else one for one in self.servers]

    def shut_down(self) -> None:
        self.is_over.set()
        self.thread.join()
        for one in self.servers:
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@pytest.fixture(scope="module")
def killable_forum() -> Iterator[Forum]:
    forum = Forum(Path(tempfile.mkdtemp(prefix="belfry-mortal-")))
    forum.choose_port()
    restarter = ServerRestarter(forum)
    try:
        forum.wait_until_ready()
        yield forum
    finally:
        restarter.shut_down()
        forum.shut_down()


def send(forum: Forum, number: int, fields: dict[str, str], *, die_at: str = "") -> int:
    """Returns the status of the response; 0 if there was none."""
    topic, session = forum.topics[number % 3], forum.sessions[number % 3]
    try:
        return forum.post(f"{topic}reply/", fields, session=session, die_at=die_at).status
    except (OSError, http.client.HTTPException):
        return 0


def kill_and_resend(forum: Forum, number: int, *, same_key: bool = True) -> tuple[str, float]:
    """Sends one reply whose worker dies, and then again until it is accepted. Returns its text and how long that
    took."""
    text = f"A bell that cracks: {uuid4()}"
    fields = {"body": text, "submission_key": str(uuid4())}
    forum.wait_until_ready()
    assert send(forum, number, fields, die_at=POINTS[number % len(POINTS)]) == 0
    if not same_key:
        fields["submission_key"] = str(uuid4())
    began = time.monotonic()
    while send(forum, number, fields) != 302:
        assert time.monotonic() < began + 30 * forum.stretch
        time.sleep(0.05)
    return text, time.monotonic() - began


def count_copies(forum: Forum, texts: list[str]) -> Counter[int]:
    rows = forum.query_database(
        "SELECT body, count(*) FROM forum_post WHERE body LIKE 'A bell that%' GROUP BY body"
    )
    found = dict(rows)
    return Counter(found.get(text, 0) for text in texts)


@pytest.mark.parametrize("kills", [5, pytest.param(None, marks=pytest.mark.drill, id="all")])
def test_worker_kill_loses_and_duplicates_no_reply(killable_forum, kills):
    kills = kills or rounds(200)
    load = Load(killable_forum)
    load.start(guests=2, members=1, writers=2)
    try:
        told = [kill_and_resend(killable_forum, number) for number in range(kills)]
    finally:
        load.stop()
    texts = [text for text, _ in told]
    slowest = max(seconds for _, seconds in told)
    others = [f"A bell that nobody hears: {key}" for key in load.acknowledged]
    there, theirs = count_copies(killable_forum, texts), count_copies(killable_forum, others)
    errors = sum(one.status == 500 for one in load.told)
    print(
        f"\n{kills} kills at {len(POINTS)} points: lost {there[0]}, twins {sum(there.values()) - there[0] - there[1]},"
        f" slowest again {slowest:.2f} s; beside them {len(others)} replies: lost {theirs[0]},"
        f" cut off {sum(one.status == 0 for one in load.told)} of {len(load.told)} requests, 500s {errors}"
    )
    assert there == Counter({1: kills})
    assert theirs == Counter({1: len(others)})
    assert slowest < ACCEPTED_WITHIN * killable_forum.stretch
    assert errors == 0


def test_control_resubmission_with_other_key_makes_duplicate(killable_forum):
    """The control: resubmitting under another key makes a second post, if the first was committed."""
    committed = POINTS.index("committed")
    text, _ = kill_and_resend(killable_forum, committed, same_key=False)
    assert count_copies(killable_forum, [text]) == Counter({2: 1})
