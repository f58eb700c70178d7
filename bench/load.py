"""As many requests as a server can handle: `wrk` on a few connections, each sending the next one after each
response."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
SCRIPT = Path(__file__).with_name("requests.lua")
KEY = "{key}"  # in a body: replaced by a new submission key each time


@dataclass(frozen=True)
class Request:
    path: str
    cookie: str = ""
    body: str = ""  # a form; empty for a GET


def require_wrk() -> None:
    """Installs wrk if possible, and exits if it is missing."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing wrk ...", file=sys.stderr, flush=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=False, stdout=subprocess.DEVNULL)
    if not shutil.which("wrk"):
        sys.exit(
            "The bench makes its load with wrk, which is not installed. On Debian or Ubuntu: apt install wrk"
        )


def per_second(url: str, *, seconds: float, headers: dict[str, str] | None = None) -> float:
    """Returns responses per second if all requests are the same."""
    return _wrk([*_header_arguments(headers or {}), url], seconds=seconds, connections=CONNECTIONS)


def per_second_of(
    requests: Sequence[Request], url: str, *, seconds: float, connections: int = CONNECTIONS
) -> float:
    """Returns responses per second if these requests are sent in turn, over and over."""
    with tempfile.NamedTemporaryFile("w", suffix=".requests") as file:
        write(requests, file.name)
        return _wrk(script_arguments(file.name, url), seconds=seconds, connections=connections)


def write(requests: Sequence[Request], file: str) -> None:
    lines = [f"{request.path}\t{request.cookie}\t{request.body}\n" for request in requests]
    Path(file).write_text("".join(lines))


def script_arguments(file: str, url: str) -> list[str]:
    """Returns wrk's arguments to send the requests in the file in turn."""
    return ["--script", str(SCRIPT), url, "--", file]


def command(*, seconds: float, connections: int) -> list[str]:
    return ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{_whole(seconds)}s"]


def _wrk(arguments: list[str], *, seconds: float, connections: int) -> float:
    output = subprocess.run(
        [*command(seconds=seconds, connections=connections), *arguments],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return requests_per_second(output)


def requests_per_second(output: str) -> float:
    """Returns responses per second from wrk's output. Raises RuntimeError if there were errors."""
    if wrong := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", output):
        raise RuntimeError(f"wrk says: {wrong[0]}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise RuntimeError(f"wrk says: {output}")
    return float(found[1])


def _header_arguments(headers: dict[str, str]) -> list[str]:
    return [argument for name, value in headers.items() for argument in ("--header", f"{name}: {value}")]


def _whole(seconds: float) -> int:
    """wrk accepts only whole seconds."""
    return max(1, round(seconds))
