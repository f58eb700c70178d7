"""The forums that are measured: one of 10,000 posts and one of 1,000,000, each with a topic of at least 10,000, and a
temporary copy of the smaller one for writes. They are created once, and kept on the bench's own PostgreSQL."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from bench.servers import ROOT
from config.embedded_postgres.server import DATABASE, ROLE, EmbeddedServer, ensure_running

SMALL, LARGE = 10_000, 1_000_000  # posts
LONG_TOPIC = 10_000  # posts; needed to measure page 500
STATIC = "static"


@dataclass(frozen=True)
class Forum:
    database: str
    home: Path  # its DATA_DIR
    host: str

    @property
    def environment(self) -> dict[str, str]:
        """Returns the environment of a server for it."""
        url = f"postgres://{ROLE}@{quote(self.host, safe='')}/{self.database}"
        return {"DATABASE_URL": url, "DATA_DIR": str(self.home)}


class Workspace:
    """Where the bench stores its forums."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.server: EmbeddedServer = ensure_running(self.folder / "postgres")

    def close(self) -> None:
        self.server.stop()

    def forum(self, name: str) -> Forum:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        if not (home / STATIC).is_symlink():
            (home / STATIC).symlink_to(self.folder / STATIC)
        return Forum(name, home, self.server.host)

    def grown(self, posts: int) -> Forum:
        """Returns a forum with this many posts and one long topic. Its database gets its name once it is complete."""
        forum = self.forum(f"forum_{posts}")
        if self._has(forum.database) and not is_of_this_version(forum):
            self._drop(forum.database)
        if not self._has(forum.database):
            print(f"Making a forum of {posts:,} posts ...", file=sys.stderr, flush=True)
            unfinished = self.forum(f"unfinished_{posts}")
            self._drop(unfinished.database)
            self._run("CREATE DATABASE {} OWNER {}", unfinished.database, ROLE)
            manage("migrate", "--verbosity", "0", **unfinished.environment)
            manage("sample_forum", "--posts", str(posts), **unfinished.environment)
            if posts < 4 * LONG_TOPIC:  # otherwise the forum already has one that is long enough
                manage("sample_forum", "--posts", str(LONG_TOPIC), "--topics", "1", **unfinished.environment)
            with self.link(unfinished) as link:
                link.execute("VACUUM ANALYZE")
            self._run("ALTER DATABASE {} RENAME TO {}", unfinished.database, forum.database)
            shutil.rmtree(unfinished.home)
        return forum

    @contextmanager
    def copy_of(self, forum: Forum) -> Iterator[Forum]:
        """A copy for writes, deleted afterwards."""
        copy = self.forum("written_to")
        self._drop(copy.database)
        self._run("CREATE DATABASE {} TEMPLATE {} OWNER {}", copy.database, forum.database, ROLE)
        try:
            yield copy
        finally:
            self._drop(copy.database)
            shutil.rmtree(copy.home)

    def collect_static(self) -> None:
        """Collects static files as in production: joined, hashed and compressed."""
        manage(
            "collectstatic",
            "--noinput",
            "--verbosity",
            "0",
            BELFRY_ENV="production",
            DATA_DIR=str(self.folder),
        )

    def link(self, forum: Forum) -> psycopg.Connection:
        return psycopg.connect(self.server.dsn(forum.database, "postgres"), autocommit=True)

    def _has(self, database: str) -> bool:
        with psycopg.connect(self.server.dsn(DATABASE)) as link:
            return bool(link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())

    def _drop(self, database: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.server.dsn("postgres", "postgres"), autocommit=True) as link:
            link.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def manage(*arguments: str, **environment: str) -> None:
    variables = {**os.environ, "BELFRY_ENV": "development", **environment}
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=variables, check=True)


def is_of_this_version(forum: Forum) -> bool:
    """Migrates the forum. Returns False if that is not possible; `migrate` has printed why."""
    try:
        manage("migrate", "--verbosity", "0", **forum.environment)
    except subprocess.CalledProcessError:
        return False
    return True


def production() -> dict[str, str]:
    """Returns the environment of a production server that gets plain HTTP, as behind a proxy."""
    return {
        "BELFRY_ENV": "production",
        "BELFRY_HOSTS": "localhost 127.0.0.1",
        "BELFRY_SITE_URL": "https://localhost",
        "BELFRY_SECRET_KEY": os.urandom(40).hex(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
