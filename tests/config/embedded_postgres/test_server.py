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
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can do this")
USE_IT = """
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
def made(data_dir, template):
    """A data directory that has been used before."""
    subprocess.run(["cp", "-a", str(template), str(data_dir)], check=True)
    return data_dir


def ask(server, question, **options):
    with psycopg.connect(server.dsn(**options), autocommit=True) as link:
        found = link.execute(question)
        return found.fetchone()[0] if found.description else None


def postmaster_pid(data_dir):
    return int((data_dir / "postmaster.pid").read_text().split("\n")[0])


def is_alive(data_dir):
    return embedded_postgres_server._is_alive(embedded_postgres_server.Cluster.at(data_dir))


def another_process(data_dir, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", USE_IT, str(data_dir), *arguments], cwd=ROOT, stdout=subprocess.PIPE
    )


def test_starts_where_the_path_is_long_and_odd(tmp_path):
    data_dir = tmp_path / "Jürgen's $HOME `dir` 鐘楼" / ("x" * 120) / "postgres"
    server = ensure_running(data_dir)
    try:
        assert ask(server, "SELECT current_database() || current_user") == "belfrybelfry"
        assert len(f"{server.host}/.s.PGSQL.5432") < 100
        assert stat.S_IMODE(Path(server.host).stat().st_mode) == 0o700
    finally:
        assert server.stop()
    assert not is_alive(data_dir)


def test_is_set_up_as_belfry_needs_it(made):
    server = ensure_running(made, settings={"work_mem": "5MB"})
    assert ask(server, "SHOW fsync") == "on"
    assert ask(server, "SHOW synchronous_commit") == "on"
    assert ask(server, "SHOW data_checksums") == "on"
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW work_mem") == "5MB"
    collation = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
    assert ask(server, collation) == "bC.UTF-8"
    assert ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_a_second_start_changes_nothing(made):
    first = ensure_running(made, durable=False)
    pid = postmaster_pid(made)
    ensure_running(made, durable=False)
    assert postmaster_pid(made) == pid
    assert ask(first, "SELECT 1") == 1


def test_six_starts_at_once_share_one_server(data_dir):
    processes = [another_process(data_dir) for _ in range(6)]
    assert [process.wait(timeout=300) for process in processes] == [0] * 6
    log = (data_dir / "server.log").read_text()
    assert "FATAL" not in log
    assert not is_alive(data_dir)


def test_the_last_to_let_go_stops_it(made):
    first, second = ensure_running(made, durable=False), ensure_running(made, durable=False)
    assert not first.stop()
    assert ask(second, "SELECT 1") == 1
    assert second.stop()
    assert not is_alive(made)


def test_a_killed_user_does_not_keep_it_running(made):
    process = another_process(made, "and stay")
    assert process.stdout.readline() == b"using\n"
    server = ensure_running(made, durable=False)
    process.kill()
    process.wait()
    assert server.stop()


def test_what_was_committed_survives_kill_9(made):
    server = ensure_running(made)
    ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster_pid(made), signal.SIGKILL)
    server = ensure_running(made)
    assert ask(server, "SELECT answer FROM kept") == 42


def test_a_dead_server_is_revived_and_a_living_one_left_alone(made):
    server = ensure_running(made)
    assert not server.revive()
    os.kill(postmaster_pid(made), signal.SIGKILL)
    deadline = time.monotonic() + 120
    while not server.revive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ask(server, "SELECT 1") == 1


def test_a_stale_number_that_another_program_has_got_is_no_obstacle(made):
    ensure_running(made)
    os.kill(postmaster_pid(made), signal.SIGKILL)
    owner = {"user": made.stat().st_uid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["sleep", "60"], **owner)
    pid_file = made / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(postmaster_pid(made)), str(other.pid), 1))
    try:
        assert ask(ensure_running(made), "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_no_second_server_while_children_of_a_killed_one_live(made, monkeypatch):
    """A backend that is stopped outlives its postmaster; a second server on the same data would destroy it."""
    monkeypatch.setattr(embedded_postgres_server, "PATIENCE", 0.5)
    server = ensure_running(made, durable=False)
    link = psycopg.connect(server.dsn())
    backend = link.info.backend_pid
    os.kill(backend, signal.SIGSTOP)
    os.kill(postmaster_pid(made), signal.SIGKILL)
    with pytest.raises(EmbeddedServerError, match="does not respond"):
        ensure_running(made, durable=False)
    os.kill(backend, signal.SIGCONT)
    monkeypatch.undo()
    assert ask(ensure_running(made, durable=False), "SELECT 1") == 1


def test_a_socket_that_somebody_tidied_away_comes_back(made):
    server = ensure_running(made, durable=False)
    shutil.rmtree(server.host)
    assert ask(ensure_running(made, durable=False), "SELECT 1") == 1


def test_a_creation_cut_short_is_begun_again(data_dir):
    leftover = data_dir.with_name("postgres.unfinished")
    leftover.mkdir()
    (leftover / "PG_VERSION").write_text("18")
    assert ask(ensure_running(data_dir, durable=False), "SELECT 1") == 1
    assert not leftover.exists()


def test_a_data_directory_of_another_version_is_left_alone(made):
    (made / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 16"):
        ensure_running(made)
    (made / "PG_VERSION").write_text("18\n")


def test_a_link_in_the_place_of_the_socket_directory_is_refused(made, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = socket_directory(made)
    place.symlink_to(elsewhere)
    try:
        with pytest.raises(EmbeddedServerError, match="in the way"):
            ensure_running(made)
    finally:
        place.unlink()


@as_root
def test_a_socket_directory_of_somebody_else_is_refused(made):
    place = socket_directory(made)
    place.mkdir(mode=0o777)
    os.chown(place, 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="belongs to user 12345"):
        ensure_running(made)


@as_root
def test_root_starts_it_as_nobody_where_nobody_cannot_go(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = ensure_running(closed / "postgres", durable=False)
    try:
        assert server.data_dir.stat().st_uid != 0
        running_as = Path(f"/proc/{postmaster_pid(server.data_dir)}").stat().st_uid
        assert running_as == server.data_dir.stat().st_uid
        assert ask(server, "SELECT to_tsvector('english', 'bells') = to_tsvector('english', 'bell')") is True
    finally:
        server.stop()


@as_root
def test_a_data_directory_of_root_is_refused(made):
    os.chown(made, 0, 0)
    with pytest.raises(EmbeddedServerError, match="belongs to root"):
        ensure_running(made)


@as_root
def test_starts_for_an_ordinary_user_too(template, monkeypatch):
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
            status = 0 if ask(server, "SELECT 1") == 1 and server.stop() else 2
        finally:
            os._exit(status)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        shutil.rmtree(directory)


def test_a_warm_start_is_quick(made):
    bound = 2 * costs.stretch()  # 0.1 s on an idle machine
    began = time.monotonic()
    ensure_running(made)
    assert time.monotonic() - began < bound
