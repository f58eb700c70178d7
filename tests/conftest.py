"""One PostgreSQL a test run, in a directory of its own: fast, forgetful, and never the one of development."""

import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded import ensure_running

SERVER = pytest.StashKey[object]()


def pytest_configure(config):
    if settings.DATABASE_URL:
        return
    directory = Path(tempfile.mkdtemp(prefix="belfry-tests-"))
    server = ensure_running(directory / "postgres", durable=False)
    # pytest-django has read the settings by now, but nobody has connected yet.
    settings.DATABASES["default"]["HOST"] = server.host
    config.stash[SERVER] = server


def pytest_unconfigure(config):
    if server := config.stash.get(SERVER, None):
        server.stop()
        shutil.rmtree(server.data_dir.parent)
