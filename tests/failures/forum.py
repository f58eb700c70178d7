"""A whole forum to break: its own PostgreSQL, a small community in it, and the web server as in production."""

import http.client
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from config.embedded_postgres import server as embedded_postgres_server
from config.embedded_postgres.server import EmbeddedServer, ensure_running
from config.server import supervisor
from tests.support import costs

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a" * 32
REQUEST_TIMEOUT = 10  # seconds before a request counts as hung, on an idle machine
# Few enough to be used up, more than the web server's eight threads and two monitors need.
SETTINGS = {"max_connections": "24"}


@dataclass
class Response:
    status: int
    text: str
    headers: dict[str, str]


class Forum:
    """Deadlines are those of production, multiplied by `stretch` on a slow machine, where good requests take that much
    longer too."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self.stretch = math.ceil(costs.stretch())
        factor = {"BELFRY_DEADLINE_FACTOR": str(min(100, self.stretch))}
        self.environment = {**os.environ, "DATA_DIR": str(directory), **factor, **environment}
        self.environment.pop("DATABASE_URL", None)
        self.server: EmbeddedServer = ensure_running(directory / "postgres", settings=SETTINGS)
        self.web: subprocess.Popen[bytes] | None = None
        try:
            made = self.run_module("tests.failures.community")
        except BaseException:
            self.shut_down()
            raise
        self.topics: list[str] = made["topics"]
        self.pages: list[str] = made["pages"]
        self.sessions: list[str] = made["sessions"]

    def serve(self, **environment: str) -> None:
        """Starts the web server, and waits until it responds."""
        self.choose_port()
        self.web = self.start_web(supervisor.web_server("127.0.0.1", self.port).command, **environment)
        self.wait_until_ready()
        self._warm_up()

    def choose_port(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]

    def start_web(self, command: list[str], **environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=ROOT, env={**self.environment, **environment}, start_new_session=True
        )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30 * self.stretch
        while time.monotonic() < deadline:
            try:
                if self.get("/livez").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise AssertionError("the web server does not answer")

    def _warm_up(self) -> None:
        """Every worker has loaded what it needs, and has cached every page."""
        for _ in range(3):
            for page in self.pages:
                self.get(page)
                self.get(page, session=self.sessions[0])

    def stop_serving(self) -> None:
        if self.web:
            with suppress(ProcessLookupError):
                os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()

    def shut_down(self) -> None:
        self.stop_serving()
        self.server.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def get(self, path: str, *, session: str = "") -> Response:
        return self._request("GET", path, session=session)

    def post(self, path: str, fields: dict[str, str], *, session: str = "", die_at: str = "") -> Response:
        """`die_at`: where tests/failures/killable_app.py kills the worker, if it is what is served."""
        body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN})
        return self._request("POST", path, session=session, body=body, die_at=die_at)

    def query_database(self, question: str, *, user: str = "belfry") -> list[tuple]:
        with psycopg.connect(self.server.dsn(user=user), autocommit=True, connect_timeout=5) as link:
            found = link.execute(question)
            return found.fetchall() if found.description else []

    def postmaster(self) -> int:
        return int((self.directory / "postgres" / "postmaster.pid").read_text().split("\n")[0])

    def backends(self) -> list[int]:
        """The database backends of the web server."""
        found = self.query_database(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'belfry' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in found]

    def stop_database(self) -> None:
        embedded_postgres_server._stop(self.server._cluster)

    def _request(self, method: str, path: str, *, session: str, body: str = "", die_at: str = "") -> Response:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_TIMEOUT * self.stretch)
        headers = {"Cookie": f"csrf={TOKEN}" + (f"; session={session}" if session else "")}
        if die_at:
            headers["X-Die-At"] = die_at
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            link.request(method, path, body=body or None, headers=headers if body or session else {})
            answer = link.getresponse()
            return Response(answer.status, answer.read().decode(), dict(answer.getheaders()))
        finally:
            link.close()

    def run_module(self, module: str) -> dict[str, list[str]]:
        said = subprocess.run(
            [sys.executable, "-m", module], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, check=True
        )
        made: dict[str, list[str]] = json.loads(said.stdout)
        return made
