"""Belfry behind a real granian, on the database of the test that asks for it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection
from django.test import Client

from accounts.models import User

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "t" * 32  # a form's token and its cookie are equal
FORM = "application/x-www-form-urlencoded"


def database_url() -> str:
    """Returns the URL of this test's database, for another process."""
    said = connection.settings_dict
    secret = f":{quote(said['PASSWORD'], safe='')}" if said["PASSWORD"] else ""
    port = f":{said['PORT']}" if said["PORT"] else ""
    return f"postgres://{said['USER']}{secret}@{quote(said['HOST'], safe='')}{port}/{said['NAME']}"


@contextmanager
def served(*, workers: int = 1, **environment: str) -> Iterator[int]:
    """Yields the port where it listens. Tests that use it need their rows committed."""
    said = {**os.environ, "DATABASE_URL": database_url(), **environment}
    with serving("config.rsgi:application", workers=workers, **said) as port:
        yield port


@contextmanager
def serving(application: str, *, workers: int = 1, cwd: Path = ROOT, **environment: str) -> Iterator[int]:
    """Yields the port where granian serves an RSGI application, with nothing but this environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface=rsgi", "--http=1", f"--port={port}", "--no-log"]
    command += [f"--workers={workers}", "--workers-kill-timeout=2s", application]
    granian = subprocess.Popen(command, cwd=cwd, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        granian.terminate()
        granian.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30).close()
        except OSError:
            time.sleep(0.05)
    raise AssertionError("granian did not start")


def cookies_of(user: User | None) -> dict[str, str]:
    """Returns the headers of a browser in which this person is signed in."""
    session = ""
    if user:
        client = Client()
        client.force_login(user)
        session = f"session={client.cookies['session'].value}; "
    return {"Cookie": f"{session}csrf={TOKEN}"}


def ask(
    port: int, method: str, address: str, fields: dict[str, str] | None = None, **headers: str
) -> HTTPResponse:
    """Sends one request on a connection of its own. Returns the response, whose body has been read into `.text`."""
    body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields}) if fields is not None else None
    talk = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        talk.request(method, address, body, {"Content-Type": FORM, **headers} if body else headers)
        answer = talk.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        return answer
    finally:
        talk.close()
