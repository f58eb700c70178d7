"""`python -m config.server.supervisor`: runs Belfry as one command, with web server, worker and, if needed,
PostgreSQL.

In development it also migrates the database and fills an empty one with the sample community.
"""

import errno
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from config.embedded_postgres.server import EmbeddedServer, EmbeddedServerError
from config.environment import variables as env
from config.server.child_processes import LATEST, Child, Children, say
from config.server.prestart import database

SAMPLE_ACCOUNTS = "Sample accounts, each with the password belfry-demo: admin, moderator, member"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    host, port = (
        env.text("HOST", "127.0.0.1"),
        env.number("PORT", 8000, minimum=1, maximum=65535),
    )
    production = env.text("BELFRY_ENV") == "production"
    refuse_taken_port(host, port)
    with database() as embedded:
        if production:
            _manage("check", "--database", "default")
        else:
            _manage("migrate", "--verbosity", "0")
            _manage("sample_forum", "--if-empty")
        announcement = _Announcement(host, port, with_accounts=not production)
        watch = _Watch(embedded)

        def each_tick() -> None:
            announcement.make_when_ready()
            watch.revive()

        Children([web_server(host, port), _worker()], each_tick=each_tick).keep_running()
    say("Belfry has stopped.")


def refuse_taken_port(host: str, port: int) -> None:
    """Exits with a message before anything starts: the web server would silently share the port with another
    process."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is taken by another program. Choose another one: PORT={port + 1} make run")
        sys.exit(f"Belfry cannot listen at {host}, port {port}: {error.strerror}. Set HOST and PORT.")


def address(host: str, port: int) -> str:
    """Returns the URL for a browser, with a name if possible: browsers store no passkeys for bare IP addresses."""
    name = "localhost" if host == "127.0.0.1" else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


class _Announcement:
    """Prints the URL once, as soon as the port accepts connections."""

    def __init__(self, host: str, port: int, *, with_accounts: bool) -> None:
        self.host, self.port, self.with_accounts = host, port, with_accounts
        self.is_made = False

    def make_when_ready(self) -> None:
        if self.is_made:
            return
        with suppress(OSError), socket.create_connection((self.host, self.port), timeout=0.2):
            self.is_made = True
            say(f"\nBelfry is running at {address(self.host, self.port)}")
            if self.with_accounts:
                say(SAMPLE_ACCOUNTS)
            say("Ctrl-C stops it.\n")


class _Watch:
    """Restarts a dead embedded server; the web server and the worker reconnect by themselves."""

    def __init__(self, server: EmbeddedServer | None) -> None:
        self.server = server
        self.look_at = 0.0

    def revive(self) -> None:
        if self.server is None or time.monotonic() < self.look_at:
            return
        try:
            if self.server.revive():
                say("PostgreSQL had stopped; it is running again.")
            self.look_at = time.monotonic() + 1
        except EmbeddedServerError as error:
            say(f"PostgreSQL has stopped and does not start again. {error}")
            self.look_at = time.monotonic() + LATEST


def _manage(*arguments: str) -> None:
    process = subprocess.run([sys.executable, "manage.py", *arguments], check=False)  # noqa: S603 - Belfry's own
    if process.returncode:
        sys.exit(process.returncode if process.returncode > 0 else 1)


def web_server(host: str, port: int, application: str = "config.rsgi:application") -> Child:
    workers = env.number("WEB_WORKERS", 2, minimum=1, maximum=64)
    options = {
        "interface": "rsgi",
        "http": "1",
        "host": host,
        "port": port,
        "workers": workers,
        "workers-kill-timeout": 5,
        "log-level": "warning",
        "log-config": Path(__file__).with_name("granian.json"),
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "granian", *arguments, "--respawn-failed-workers", "--no-ws"]
    return Child("The web server", [*command, application])


def _worker() -> Child:
    return Child("The worker", [sys.executable, "manage.py", "worker"])


if __name__ == "__main__":
    main()
