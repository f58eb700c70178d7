"""The supervisor: keeps its children running, stops them all, leaves nothing behind. The children are trivial, and get
an hour to end: what ends sooner did not wait for that."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from config.server.supervisor import address, refuse_taken_port, web_server

ROOT = Path(__file__).resolve().parents[3]
RUN_SUPERVISOR = """
import sys
from config.server import child_processes as parts
from config.server.child_processes import Child, Children
parts.FINISH_WITHIN = 3600
children = [Child(f"Child {n}", [sys.executable, "-c", text]) for n, text in enumerate(sys.argv[1:])]
Children(children).keep_running()
"""
SLEEPER = (
    "import os, time; os.write(1, b'%d\\n' % os.getpid()); time.sleep(60)"  # one write: two may write at once
)
IGNORES_SIGTERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
WITH_CHILD_PROCESS = "import subprocess; subprocess.Popen(['sleep', '61']); " + SLEEPER


@pytest.fixture
def start_supervisor():
    """Starts a supervisor over these Python programs."""
    started = []

    def start(*programs):
        supervisor = subprocess.Popen(
            [sys.executable, "-c", RUN_SUPERVISOR, *programs],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(supervisor)
        return supervisor

    yield start
    for supervisor in started:
        supervisor.kill()
        supervisor.communicate()


def next_pid(supervisor):
    return int(supervisor.stdout.readline())


def is_running(pid):
    """Returns whether the process runs: a zombie that nobody has collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def has_ended(pid, within=120.0):
    deadline = time.monotonic() + within
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


@pytest.mark.slow
def test_killed_child_is_restarted(start_supervisor):
    supervisor = start_supervisor(SLEEPER)
    first = next_pid(supervisor)
    os.kill(first, signal.SIGKILL)
    assert next_pid(supervisor) != first
    assert "Child 0 ended (killed by signal 9); starting it again in 0.5 s" in supervisor.stderr.readline()


@pytest.mark.slow
def test_restart_delay_of_failing_child_grows(start_supervisor):
    supervisor = start_supervisor("raise SystemExit(3)")
    said = [supervisor.stderr.readline() for _ in range(3)]
    assert [line.split(" in ")[1] for line in said] == ["0.5 s\n", "1 s\n", "2 s\n"]
    assert "exit code 3" in said[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_supervisor_and_children(start_supervisor, number):
    supervisor = start_supervisor(SLEEPER, SLEEPER)
    pids = [next_pid(supervisor), next_pid(supervisor)]
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=120) == 0
    assert not any(is_running(pid) for pid in pids)


def test_second_signal_kills_child_that_ignores_the_first(start_supervisor):
    supervisor = start_supervisor(IGNORES_SIGTERM)
    pid = next_pid(supervisor)
    supervisor.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert is_running(pid)
    supervisor.send_signal(signal.SIGINT)
    supervisor.wait(timeout=120)
    assert not is_running(pid)


def test_grandchildren_of_killed_child_end(start_supervisor):
    supervisor = start_supervisor(WITH_CHILD_PROCESS)
    pid = next_pid(supervisor)
    grandchild = int(Path(f"/proc/{pid}/task/{pid}/children").read_text())
    os.kill(pid, signal.SIGKILL)
    assert has_ended(grandchild)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_children_end_when_supervisor_is_killed(start_supervisor):
    supervisor = start_supervisor(SLEEPER, SLEEPER)
    pids = [next_pid(supervisor), next_pid(supervisor)]
    supervisor.kill()
    assert all(has_ended(pid) for pid in pids)


@pytest.mark.slow
def test_death_of_web_worker_is_logged(tmp_path, monkeypatch):
    """Nothing is logged before, or about its threads."""
    monkeypatch.setenv("WEB_WORKERS", "1")
    (tmp_path / "tiny.py").write_text(
        "import os\n"
        "async def application(scope, exchange):\n"
        "    exchange.response_bytes(200, [], str(os.getpid()).encode())\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = web_server("127.0.0.1", port, "tiny:application").command
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.PIPE, text=True
    )
    try:
        os.kill(_request_pid(port), signal.SIGKILL)
        said = json.loads(server.stderr.readline())
        assert (said["level"], said["says"]) == ("ERROR", "Unexpected exit from worker-1")
        assert _request_pid(port)
    finally:
        server.terminate()
        server.communicate()


def _request_pid(port: int) -> int:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                return int(answer.read())
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nobody answers")


def test_taken_port_gives_clear_error():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken"):
            refuse_taken_port("127.0.0.1", port)
    refuse_taken_port("127.0.0.1", port)


def test_loopback_address_is_shown_as_localhost():
    said = [address(host, 8123) for host in ("127.0.0.1", "::1", "192.0.2.1")]
    assert said == ["http://localhost:8123/", "http://[::1]:8123/", "http://192.0.2.1:8123/"]


def test_foreign_listen_address_gives_clear_error():
    with pytest.raises(SystemExit, match="cannot listen at 192.0.2.1"):
        refuse_taken_port("192.0.2.1", 8000)
