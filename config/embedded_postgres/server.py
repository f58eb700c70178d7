"""The embedded PostgreSQL, used if DATABASE_URL is not set.

One server per data directory, shared by all processes that need it. Three lock files next to the directory coordinate
them. The system releases the locks of a process that dies, so `kill -9` leaves nothing to clean up.
- `.starting.lock` is held while a process starts or stops the server;
- `.users.lock` is shared by all that need the server; the last to release it stops the server;
- `.server.lock` is held by the server and its children as long as one of them lives.
"""

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo

from config.embedded_postgres.cluster import SUPERUSER, Cluster
from config.embedded_postgres.programs import EmbeddedServerError

__all__ = ["EmbeddedServer", "EmbeddedServerError", "ensure_running", "socket_directory"]

DATABASE = ROLE = "belfry"
PATIENCE = 60  # seconds for another process to start it, or for recovery after a crash
FAST_BUT_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServer:
    """A running server, and this process's claim on it: keep it as long as the server is needed."""

    def __init__(self, cluster: Cluster, settings: dict[str, str], claim: IO[str]) -> None:
        self.data_dir = cluster.data_dir
        self.host = str(socket_directory(cluster.data_dir))
        self._cluster = cluster
        self._settings = settings
        self._claim = claim

    def dsn(self, dbname: str = DATABASE, user: str = ROLE) -> str:
        return make_conninfo(host=self.host, dbname=dbname, user=user)

    def revive(self) -> bool:
        """Starts the server again if it died. Returns whether it had."""
        if _is_alive(self._cluster):
            return False
        with _starting_or_stopping(self.data_dir):
            _reach(self._cluster, self._settings).close()
        return True

    def stop(self) -> bool:
        """Releases the server. Returns True if this was the last user, which stops the server."""
        with _starting_or_stopping(self.data_dir):
            self._claim.close()
            with closing(_lock_file(self.data_dir, "users")) as users:
                is_last = _lock(users)
            if is_last:
                _stop(self._cluster)
                with suppress(OSError):
                    Path(self.host).rmdir()
            return is_last


def socket_directory(data_dir: Path) -> Path:
    """Returns the directory of the server's socket.

    A socket's path is limited to about 100 bytes and a data directory's is not, so its name is a hash. It is in /tmp
    and not in TMPDIR because every process must find the same place.
    """
    name = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    return Path("/tmp") / f"belfry-{name}"  # noqa: S108 - _private_directory() checks its owner


def ensure_running(
    data_dir: Path, *, durable: bool = True, settings: dict[str, str] | None = None
) -> EmbeddedServer:
    """Starts the server of this data directory unless it runs, and creates directory and database if missing.

    `durable=False` gives up safety for speed, for tests only. `settings` are PostgreSQL's; a server that already runs
    keeps those it was started with.
    """
    data_dir = data_dir.resolve()
    with _starting_or_stopping(data_dir):
        cluster = Cluster.at(data_dir)
        if not cluster.exists:
            cluster.create(durable=durable)
        cluster.refuse_other_version()
        wanted = ({} if durable else FAST_BUT_FORGETFUL) | (settings or {})
        with _reach(cluster, wanted) as link:
            _create_database(link)
        claim = _lock_file(data_dir, "users")
        fcntl.flock(claim, fcntl.LOCK_SH)
    return EmbeddedServer(cluster, wanted, claim)


def _reach(cluster: Cluster, settings: dict[str, str]) -> psycopg.Connection:
    """Connects to the server, which may have to be started, or may be starting, recovering or stopping."""
    began = time.monotonic()
    host = socket_directory(cluster.data_dir)
    while True:
        try:
            _start_unless_alive(cluster, host, settings)
            return psycopg.connect(
                host=str(host), user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5
            )
        except psycopg.OperationalError as error:
            waited = time.monotonic() - began
            if waited > PATIENCE:
                raise EmbeddedServerError(
                    f"PostgreSQL does not respond: {error}{cluster.end_of_log()}"
                ) from None
            if waited > 2 and not (host / ".s.PGSQL.5432").exists():  # something cleaned up /tmp
                _stop(cluster)
            time.sleep(0.05)


def _start_unless_alive(cluster: Cluster, host: Path, settings: dict[str, str]) -> None:
    with closing(_lock_file(cluster.data_dir, "server")) as lock:
        if not _lock(lock):
            return
        _private_directory(host, cluster.uid, cluster.gid)
        for left_behind in host.glob(".s.PGSQL.*"):  # left by a killed server: none is alive
            left_behind.unlink()
        settings = {"listen_addresses": "", "unix_socket_directories": str(host), **settings}
        try:
            cluster.start(settings, lock=lock.fileno())
        except EmbeddedServerError as error:
            raise EmbeddedServerError(f"{error}\n{cluster.end_of_log()}") from None


def _stop(cluster: Cluster) -> None:
    if not _is_alive(cluster):
        return
    with suppress(EmbeddedServerError):  # if the postmaster was killed; its children then end alone
        cluster.stop()
    deadline = time.monotonic() + 5
    while _is_alive(cluster):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"The server of {cluster.data_dir} does not stop.")
        time.sleep(0.02)


def _is_alive(cluster: Cluster) -> bool:
    with closing(_lock_file(cluster.data_dir, "server")) as lock:
        return not _lock(lock)


def _create_database(link: psycopg.Connection) -> None:
    if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        return
    if not link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        # No superuser: injected SQL could not read files or start programs.
        link.execute("CREATE ROLE belfry LOGIN CREATEDB")
    link.execute("CREATE DATABASE belfry OWNER belfry")


def _private_directory(path: Path, uid: int, gid: int) -> None:
    """Creates a directory that only this user can enter. Rejects one that another user created first."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise EmbeddedServerError(f"{path} is in the way ({error.strerror}); remove it.") from None
    try:
        status = os.fstat(handle)
        if status.st_uid not in (uid, os.geteuid()):
            raise EmbeddedServerError(f"{path} belongs to user {status.st_uid}, not to Belfry; remove it.")
        if status.st_uid != uid:
            os.fchown(handle, uid, gid)
        if stat.S_IMODE(status.st_mode) != 0o700:
            os.fchmod(handle, 0o700)
    finally:
        os.close(handle)


@contextmanager
def _starting_or_stopping(data_dir: Path) -> Iterator[None]:
    """One start or stop at a time."""
    with closing(_lock_file(data_dir, "starting")) as lock:
        deadline = time.monotonic() + 2 * PATIENCE
        while not _lock(lock):
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"Another process has been starting PostgreSQL in {data_dir} for too long."
                )
            time.sleep(0.02)
        yield


def _lock_file(data_dir: Path, name: str) -> IO[str]:
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        return data_dir.with_name(f"{data_dir.name}.{name}.lock").open("a")
    except OSError as error:
        raise EmbeddedServerError(f"DATA_DIR cannot be used: {error}") from None


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
