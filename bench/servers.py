"""Starts web servers as `make run` starts Belfry's, each on its own port, and stops them."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench import floor
from config.server import supervisor

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
BELFRY = "config.rsgi:application"
STARTS_WITHIN = 60  # seconds
# Headers of a response that the web server adds.
BELONGS_TO_SERVER = {"date", "server", "connection", "transfer-encoding"}


@dataclass(frozen=True)
class Response:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def own_headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() not in BELONGS_TO_SERVER]


@dataclass(frozen=True)
class Server:
    port: int

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> Response:
        return self.ask("GET", path, headers or {})

    def ask(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Response:
        link = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            link.request(method, path, body, headers)
            response = link.getresponse()
            return Response(response.status, response.getheaders(), response.read())
        finally:
            link.close()


@contextmanager
def serving(environment: dict[str, str], application: str = BELFRY) -> Iterator[Server]:
    """Runs this RSGI application in granian, with the options that Belfry uses."""
    server = Server(free_port())
    granian = subprocess.Popen(
        supervisor.web_server(HOST, server.port, application).command,
        cwd=ROOT,
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        _wait_for(server, granian)
        yield server
    finally:
        granian.terminate()
        with suppress(subprocess.TimeoutExpired):
            granian.wait(timeout=10)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(granian.pid, signal.SIGKILL)
        granian.wait()


@contextmanager
def serving_floor(folder: Path) -> Iterator[Server]:
    """Serves what was stored there with `floor.put`."""
    floor.put(folder, "livez", [("Content-Type", "text/plain"), ("Content-Length", "2")], b"ok")
    with serving({floor.FOLDER: str(folder)}, "bench.floor:application") as server:
        yield server


def free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


def _wait_for(server: Server, granian: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and granian.poll() is None:
        try:
            if server.get("/livez").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("The web server does not respond.")
