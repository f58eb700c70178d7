"""A pytest plugin that is loaded before the settings: tests run on a PostgreSQL of their own, made for the run.

With DATABASE_URL set they run on that server instead (in a database of their own, `test_...`).
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

DATA_DIR = Path(tempfile.mkdtemp(prefix="belfry-tests-"))
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ["BELFRY_ENV"] = "development"
# No test may depend on production's time limits: a busy machine would exceed them. Those that test a limit set it.
os.environ.setdefault("BELFRY_DEADLINE_FACTOR", "100")
_running = {}


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from config import embedded

    # One real hash costs a quarter of a second; the tests sign in hundreds of times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Whoever signed in for a whole file of tests is still asked no password again at its end.
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400
    # Nobody waits before sending a form; tests of exactly that say otherwise.
    settings.SECONDS_TO_SIGN_UP = settings.SECONDS_TO_POST = 0
    if not os.environ.get("DATABASE_URL"):
        _running["server"] = embedded.ensure_running(
            settings.POSTGRES_DIR, durable=False, settings={"track_commit_timestamp": "on"}
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := _running.pop("server", None):
        server.stop()
    shutil.rmtree(DATA_DIR, ignore_errors=True)
