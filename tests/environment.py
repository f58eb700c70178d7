"""A pytest plugin that is loaded before the settings: tests run on a PostgreSQL of their own, made for the run.

Where several processes share the tests, each has a server of its own. A child of their parent
(create_test_database.py) migrates a database while they collect, and they start with copies of it.

With DATABASE_URL set they run on that server instead (in a database of their own, `test_...`).
"""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

DATA_DIR = Path(tempfile.mkdtemp(prefix="belfry-tests-"))
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ["BELFRY_ENV"] = "development"
# No test may depend on production's time limits: a busy machine would exceed them. Those that test a limit set it.
os.environ.setdefault("BELFRY_DEADLINE_FACTOR", "100")
MIGRATED = "TESTS_MIGRATED"  # names the data directory of the parent, in the environment of its processes
# Every process of the tests, and every server and command they start, would compile all of Belfry anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
LONGEST = {"failures", "test_canaries.py"}
_running = {}


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from core.storage.images import resize

    # One real hash costs a quarter of a second; the tests sign in hundreds of times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Nobody is asked for a password again, even if a whole file of tests uses one sign-in.
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400
    # Forms may be sent at once; tests of exactly that limit set it.
    settings.SECONDS_TO_SIGN_UP = settings.SECONDS_TO_POST = 0
    # A child with the lowest priority waits for the other tests.
    resize.NICENESS = 0
    if config.getoption("numprocesses", None) and not _has_server():
        _migrate_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first. Otherwise one process would still run them, mostly waiting, when the others have
    nothing left to do."""
    items.sort(key=lambda item: LONGEST.isdisjoint(item.path.parts))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests exist until the end: the garbage collector need not check them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def start_server() -> None:
    """Starts the server of this process's database; called before the first test that needs it."""
    from config.embedded_postgres.server import ensure_running

    if _has_server():
        return
    data_dir = DATA_DIR / "postgres"
    if is_migrated():
        _copy(Path(os.environ[MIGRATED]), data_dir)
    _running["server"] = ensure_running(data_dir, durable=False, settings={"track_commit_timestamp": "on"})


def is_migrated() -> bool:
    """Is the database of this process migrated already?"""
    return MIGRATED in os.environ and not _has_server()


def pytest_unconfigure(config: pytest.Config) -> None:
    if child := _running.pop("child", None):
        child.wait()
    if server := _running.pop("server", None):
        server.stop()
    shutil.rmtree(DATA_DIR, ignore_errors=True)


def _has_server() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def _migrate_once() -> None:
    os.environ[MIGRATED] = str(DATA_DIR)
    with _lock_of(DATA_DIR) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the child inherits it, and holds it while it lives
        _running["child"] = subprocess.Popen(
            [sys.executable, "-m", "tests.support.create_test_database"],
            pass_fds=[lock.fileno()],
            stdout=subprocess.DEVNULL,
        )


def _copy(parents: Path, data_dir: Path) -> None:
    with _lock_of(parents) as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)  # until the child has ended
    if not (parents / "migrated").exists():
        raise RuntimeError(
            "The database of the tests could not be migrated; python -m tests.support.create_test_database said why."
        )
    subprocess.run(["cp", "-a", parents / "postgres", data_dir], check=True)


def _lock_of(parents: Path):
    return (parents / "migrated.lock").open("a")
