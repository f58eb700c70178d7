"""The embedded PostgreSQL: starts anywhere, survives every crash, stops with its last user."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config.embedded_postgres import (
    cluster as embedded_postgres_cluster,
    programs as embedded_postgres_programs,
    server as embedded_postgres_server,
)
from config.embedded_postgres.server import EmbeddedServerError, ensure_running, socket_directory
from tests.support import costs

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
requires_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can do this")
USE_SERVER_SCRIPT = """
import sys, time
from pathlib import Path
import psycopg
from config.embedded_postgres.server import ensure_running
server = ensure_running(Path(sys.argv[1]), durable=False)
with psycopg.connect(server.dsn()) as link:
    link.execute("SELECT 1")
print("using", flush=True)
if len(sys.argv) > 2:
    time.sleep(60)
server.stop()
"""


@pytest.fixture
def data_dir(tmp_path):
    """Where a test's server may live; whatever it leaves running is stopped."""
    data_dir = tmp_path / "postgres"
    yield data_dir
    if (data_dir / "postmaster.pid").exists():
        embedded_postgres_server._stop(embedded_postgres_server.Cluster.at(data_dir))
    shutil.rmtree(socket_directory(data_dir), ignore_errors=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A data directory with a database, stopped; a copy of it starts in a sixth of the time."""
    data_dir = tmp_path_factory.mktemp("template") / "postgres"
    ensure_running(data_dir, durable=False).stop()
    return data_dir


@pytest.fixture
def used_data_dir(data_dir, template):
    """A data directory that has been used before."""
    subprocess.run(["cp", "-a", str(template), str(data_dir)], check=True)
    return data_dir


def run_query(server, question, **options):
    with psycopg.connect(server.dsn(**options), autocommit=True) as link:
        found = link.execute(question)
        return found.fetchone()[0] if found.description else None


def postmaster_pid(data_dir):
    return int((data_dir / "postmaster.pid").read_text().split("\n")[0])


def is_alive(data_dir):
    return embedded_postgres_server._is_alive(embedded_postgres_server.Cluster.at(data_dir))


def start_process(data_dir, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", USE_SERVER_SCRIPT, str(data_dir), *arguments], cwd=ROOT, stdout=subprocess.PIPE
    )


def test_server_starts_in_long_path_with_special_characters(tmp_path):
    data_dir = tmp_path / "Jürgen's $HOME `dir` 鐘楼" / ("x" * 120) / "postgres"
    server = ensure_running(data_dir)
    try:
        assert run_query(server, "SELECT current_database() || current_user") == "belfrybelfry"
        assert len(f"{server.host}/.s.PGSQL.5432") < 100
        assert stat.S_IMODE(Path(server.host).stat().st_mode) == 0o700
    finally:
        assert server.stop()
    assert not is_alive(data_dir)


def test_server_has_required_settings(used_data_dir):
    server = ensure_running(used_data_dir, settings={"work_mem": "5MB"})
    assert run_query(server, "SHOW fsync") == "on"
    assert run_query(server, "SHOW synchronous_commit") == "on"
    assert run_query(server, "SHOW data_checksums") == "on"
    assert run_query(server, "SHOW listen_addresses") == ""
    assert run_query(server, "SHOW work_mem") == "5MB"
    collation = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
    assert run_query(server, collation) == "bC.UTF-8"
    assert run_query(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_second_start_uses_running_server(used_data_dir):
    first = ensure_running(used_data_dir, durable=False)
    pid = postmaster_pid(used_data_dir)
    ensure_running(used_data_dir, durable=False)
    assert postmaster_pid(used_data_dir) == pid
    assert run_query(first, "SELECT 1") == 1


def test_concurrent_starts_share_one_server(data_dir):
    processes = [start_process(data_dir) for _ in range(6)]
    assert [process.wait(timeout=300) for process in processes] == [0] * 6
    log = (data_dir / "server.log").read_text()
    assert "FATAL" not in log
    assert not is_alive(data_dir)


def test_last_user_stops_server(used_data_dir):
    first, second = ensure_running(used_data_dir, durable=False), ensure_running(used_data_dir, durable=False)
    assert not first.stop()
    assert run_query(second, "SELECT 1") == 1
    assert second.stop()
    assert not is_alive(used_data_dir)


def test_killed_user_does_not_keep_server_running(used_data_dir):
    process = start_process(used_data_dir, "and stay")
    assert process.stdout.readline() == b"using\n"
    server = ensure_running(used_data_dir, durable=False)
    process.kill()
    process.wait()
    assert server.stop()


def test_committed_data_survives_kill_9(used_data_dir):
    server = ensure_running(used_data_dir)
    run_query(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster_pid(used_data_dir), signal.SIGKILL)
    server = ensure_running(used_data_dir)
    assert run_query(server, "SELECT answer FROM kept") == 42


def test_only_dead_server_is_revived(used_data_dir):
    server = ensure_running(used_data_dir)
    assert not server.revive()
    os.kill(postmaster_pid(used_data_dir), signal.SIGKILL)
    deadline = time.monotonic() + 120
    while not server.revive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert run_query(server, "SELECT 1") == 1


def test_reused_pid_in_stale_pid_file_does_not_block_start(used_data_dir):
    ensure_running(used_data_dir)
    os.kill(postmaster_pid(used_data_dir), signal.SIGKILL)
    owner = {"user": used_data_dir.stat().st_uid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["sleep", "60"], **owner)
    pid_file = used_data_dir / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(postmaster_pid(used_data_dir)), str(other.pid), 1))
    try:
        assert run_query(ensure_running(used_data_dir), "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_no_server_starts_while_backends_of_killed_one_live(used_data_dir, monkeypatch):
    """A backend that is stopped outlives its postmaster; a second server on the same data would destroy it."""
    monkeypatch.setattr(embedded_postgres_server, "PATIENCE", 0.5)
    server = ensure_running(used_data_dir, durable=False)
    link = psycopg.connect(server.dsn())
    backend = link.info.backend_pid
    os.kill(backend, signal.SIGSTOP)
    os.kill(postmaster_pid(used_data_dir), signal.SIGKILL)
    with pytest.raises(EmbeddedServerError, match="does not respond"):
        ensure_running(used_data_dir, durable=False)
    os.kill(backend, signal.SIGCONT)
    monkeypatch.undo()
    assert run_query(ensure_running(used_data_dir, durable=False), "SELECT 1") == 1


def test_deleted_socket_directory_is_recreated(used_data_dir):
    server = ensure_running(used_data_dir, durable=False)
    shutil.rmtree(server.host)
    assert run_query(ensure_running(used_data_dir, durable=False), "SELECT 1") == 1


def test_interrupted_initialization_is_repeated(data_dir):
    leftover = data_dir.with_name("postgres.unfinished")
    leftover.mkdir()
    (leftover / "PG_VERSION").write_text("18")
    assert run_query(ensure_running(data_dir, durable=False), "SELECT 1") == 1
    assert not leftover.exists()


def test_data_directory_of_other_version_is_rejected(used_data_dir):
    (used_data_dir / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 16"):
        ensure_running(used_data_dir)
    (used_data_dir / "PG_VERSION").write_text("18\n")


def test_symlink_as_socket_directory_is_rejected(used_data_dir, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = socket_directory(used_data_dir)
    place.symlink_to(elsewhere)
    try:
        with pytest.raises(EmbeddedServerError, match="in the way"):
            ensure_running(used_data_dir)
    finally:
        place.unlink()


@requires_root
def test_socket_directory_of_other_user_is_rejected(used_data_dir):
    place = socket_directory(used_data_dir)
    place.mkdir(mode=0o777)
    os.chown(place, 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="belongs to user 12345"):
        ensure_running(used_data_dir)


@requires_root
def test_root_starts_server_as_other_user_in_closed_directory(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = ensure_running(closed / "postgres", durable=False)
    try:
        assert server.data_dir.stat().st_uid != 0
        running_as = Path(f"/proc/{postmaster_pid(server.data_dir)}").stat().st_uid
        assert running_as == server.data_dir.stat().st_uid
        assert (
            run_query(server, "SELECT to_tsvector('english', 'bells') = to_tsvector('english', 'bell')")
            is True
        )
    finally:
        server.stop()


@requires_root
def test_data_directory_owned_by_root_is_rejected(used_data_dir):
    os.chown(used_data_dir, 0, 0)
    with pytest.raises(EmbeddedServerError, match="belongs to root"):
        ensure_running(used_data_dir)


@requires_root
def test_server_starts_for_ordinary_user(template, monkeypatch):
    """A fork becomes the user nobody: a new interpreter might be unreadable for that user."""
    directory = Path(f"/tmp/belfry-ordinary-{os.getpid()}")
    directory.mkdir(mode=0o700)
    nobody = template.stat()
    os.chown(directory, nobody.st_uid, nobody.st_gid)
    reachable = embedded_postgres_programs.programs()
    monkeypatch.setattr(embedded_postgres_cluster, "programs", lambda: reachable)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(nobody.st_gid)
            os.setuid(nobody.st_uid)
            server = ensure_running(directory / "postgres", durable=False)
            status = 0 if run_query(server, "SELECT 1") == 1 and server.stop() else 2
        finally:
            os._exit(status)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        shutil.rmtree(directory)


def test_warm_start_takes_under_two_seconds(used_data_dir):
    bound = 2 * costs.stretch()  # 0.1 s on an idle machine
    began = time.monotonic()
    ensure_running(used_data_dir)
    assert time.monotonic() - began < bound
