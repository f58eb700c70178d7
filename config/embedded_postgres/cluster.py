"""The data directory of the embedded PostgreSQL: its owner, its creation, and running programs on it.

PostgreSQL refuses to run as root. Started by root, it runs as the owner of its data directory; a new one belongs to
`nobody`. That user may be unable to reach the directory (below /root, for instance), so it is passed as the working
directory: root enters it before the program drops root's rights.
"""

import os
import pwd
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded_postgres.programs import VERSION, EmbeddedServerError, programs

SUPERUSER = "postgres"
WORKING_DIRECTORY = "/proc/self/cwd"  # the real path may be too long, closed or oddly spelled
NO_SUCH_PROCESS = 2**31 - 1  # above the highest process id of every system


@dataclass(frozen=True)
class Cluster:
    """A data directory and the user who owns it."""

    data_dir: Path
    uid: int
    gid: int

    @classmethod
    def at(cls, data_dir: Path) -> "Cluster":
        uid, gid = _owner_of(data_dir)
        return cls(data_dir, uid, gid)

    @property
    def exists(self) -> bool:
        return (self.data_dir / "PG_VERSION").exists()

    def create(self, *, durable: bool) -> None:
        """Creates the data directory. It appears only when complete, so that a start can be interrupted."""
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, self.uid, self.gid)
        # The mode of the socket's directory decides who can connect, so "trust" is safe.
        options = ["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--data-checksums"]
        options += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        options += [] if durable else ["--no-sync"]
        Cluster(unfinished, self.uid, self.gid).run("initdb", *options)
        unfinished.rename(self.data_dir)

    def refuse_other_version(self) -> None:
        found = (self.data_dir / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise EmbeddedServerError(
                f"{self.data_dir} was made by PostgreSQL {found}; this version of Belfry has {VERSION}. "
                "Dump it with the version of Belfry that made it, and load the dump into an empty DATA_DIR."
            )

    def start(self, settings: dict[str, str], *, lock: int) -> None:
        """Starts the server. It and its children inherit the open file `lock`, and hold it while they live."""
        self._disown_stale_pid()
        options = shlex.join(f"-c{name}={value}" for name, value in settings.items())
        self.run("pg_ctl", "start", "--silent", "--log", "server.log", "--options", options, inherit=(lock,))

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "--silent", "--mode", "fast")

    def run(self, program: str, *arguments: str, inherit: tuple[int, ...] = ()) -> None:
        """Runs one of PostgreSQL's programs on the data directory, as its owner."""
        data_dir = WORKING_DIRECTORY if sys.platform == "linux" else str(self.data_dir)
        owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = {"user": self.uid, "group": self.gid, "extra_groups": []}
        process = subprocess.run(  # noqa: S603 - our own programs and arguments
            [str(programs() / program), *arguments, "--pgdata", data_dir],
            cwd=self.data_dir,
            # PGDATA, PGOPTIONS, LANG and TZ must not affect the result.
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            pass_fds=inherit,
            check=False,
            **owner,
        )
        if process.returncode:
            raise EmbeddedServerError(f"{program} failed: {(process.stderr or process.stdout).strip()}")

    def end_of_log(self) -> str:
        with suppress(FileNotFoundError):
            return "\n".join((self.data_dir / "server.log").read_text(errors="replace").splitlines()[-6:])
        return ""

    def _disown_stale_pid(self) -> None:
        """Keeps the process id of a dead server from blocking the start if another program has that id now.

        Only the id is replaced. Deleting the file would also delete the key by which PostgreSQL finds children that
        outlived their postmaster, and two servers on one data directory destroy it.
        """
        try:  # O_NOFOLLOW: the directory's owner must not choose which file root writes to
            handle = os.open(self.data_dir / "postmaster.pid", os.O_RDWR | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        with os.fdopen(handle, "r+") as pid_file:
            _, _, rest = pid_file.read().partition("\n")
            pid_file.seek(0)
            pid_file.write(f"{NO_SUCH_PROCESS}\n{rest}")
            pid_file.truncate()


def _owner_of(data_dir: Path) -> tuple[int, int]:
    own_uid = os.geteuid()
    if not data_dir.exists():
        return _unprivileged() if own_uid == 0 else (own_uid, os.getegid())
    status = data_dir.stat()
    if status.st_uid == 0:
        raise EmbeddedServerError(
            f"{data_dir} belongs to root, but PostgreSQL refuses to run as root. "
            "Remove it if it is empty, otherwise change its owner: chown -R nobody."
        )
    if own_uid not in (0, status.st_uid):
        raise EmbeddedServerError(f"{data_dir} belongs to user {status.st_uid}: start Belfry as that user.")
    return status.st_uid, status.st_gid


def _unprivileged() -> tuple[int, int]:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedServerError(
            "Started by root, PostgreSQL would run as the user nobody, which this system does not have. "
            "Start Belfry as a regular user, or set DATABASE_URL."
        ) from None
    return nobody.pw_uid, nobody.pw_gid
