"""Belfry leaves a database of another version alone, and its start-up error says what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.database import migration_history
from config.embedded_postgres.server import ensure_running
from tests.config.environment.test_production import SAFE_SETTINGS

ROOT = Path(__file__).resolve().parents[3]
OLDER, NEWER = ("forum", "0002_versions"), ("moderation", "9999_from_tomorrow")
CREATE_MIGRATIONS_TABLE = (
    "CREATE TABLE django_migrations (id bigserial PRIMARY KEY, app text, name text, applied timestamptz)"
)
LIST_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture(params=[OLDER, NEWER], ids=["older", "newer"])
def unknown_migration(request, db) -> str:
    """The database has a migration that this version lacks."""
    MigrationRecorder(connection).record_applied(*request.param)
    return " ".join(request.param)


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("", "set DATA_DIR to an empty directory instead of /srv/forum."),
        ("postgres://tower/bells", "set DATABASE_URL to an empty database."),
    ],
)
def test_migrate_rejects_unknown_migration_with_advice(unknown_migration, settings, url, advice):
    settings.DATABASE_URL, settings.DATA_DIR = url, Path("/srv/forum")
    with pytest.raises(CommandError) as refused:
        call_command("migrate", verbosity=0)
    said = str(refused.value)
    assert f"({unknown_migration} ...)" in said
    assert said.endswith(f"start that version, or {advice}")
    assert "\n" not in said


def test_system_check_rejects_unknown_migration(unknown_migration):
    assert [error.id for error in run_checks(tags=[Tags.database], databases=["default"])] == ["belfry.E006"]


def test_database_of_same_version_is_accepted(db):
    assert migration_history.refusal(connection) == ""
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


def test_unknown_migration_of_other_package_is_accepted(db):
    MigrationRecorder(connection).record_applied("mfa", "0001_of_long_ago")
    assert migration_history.refusal(connection) == ""


@pytest.fixture(scope="module")
def older_data_dir(tmp_path_factory) -> Path:
    """A DATA_DIR with the embedded database of an older version."""
    data_dir = tmp_path_factory.mktemp("older")
    server = ensure_running(data_dir / "postgres", durable=False)
    with psycopg.connect(server.dsn(), autocommit=True) as link:
        link.execute(CREATE_MIGRATIONS_TABLE)
        link.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", OLDER)
    server.stop()
    return data_dir


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "line_start"),
    [({"BELFRY_ENV": "development"}, "CommandError: "), (SAFE_SETTINGS, "?: (belfry.E006) ")],
    ids=["development", "production"],
)
def test_belfry_does_not_start_on_data_of_older_version(older_data_dir, environment, line_start):
    said = {**os.environ, **environment, "DATA_DIR": str(older_data_dir)}
    said.pop("DATABASE_URL", None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        said["PORT"] = str(free.getsockname()[1])
    command = [sys.executable, "-m", "config.server.supervisor"]
    refused = subprocess.run(command, env=said, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert refused.returncode == 1
    [sentence] = [line for line in refused.stderr.splitlines() if line.startswith(line_start)]
    assert "(forum 0002_versions ...)" in sentence
    assert sentence.endswith(f"set DATA_DIR to an empty directory instead of {older_data_dir}.")
    assert "Traceback" not in refused.stderr
    assert "Belfry is at" not in refused.stdout
    server = ensure_running(older_data_dir / "postgres", durable=False)
    with psycopg.connect(server.dsn()) as link:
        assert link.execute(LIST_TABLES).fetchall() == [("django_migrations",)]
    server.stop()
