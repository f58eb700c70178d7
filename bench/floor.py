"""The floor: a bare function that returns prepared bytes for each URL. No forum on the same web server can be faster,
so Belfry's ratio to it does not depend on the machine."""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = "BENCH_FLOOR"  # environment variable: the folder of the responses

Response = tuple[int, list[tuple[str, str]], bytes]


def put(folder: Path, name: str, headers: list[tuple[str, str]], body: bytes) -> None:
    """From now on this is the response to `/name`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.headers").write_text(json.dumps(headers))
    (folder / f"{name}.body").write_bytes(body)


def responses(folder: Path) -> dict[str, Response]:
    return {
        f"/{file.stem}": (
            200,
            [(name, value) for name, value in json.loads(file.read_text())],
            file.with_suffix(".body").read_bytes(),
        )
        for file in folder.glob("*.headers")
    }


_responses = responses(Path(os.environ[FOLDER])) if FOLDER in os.environ else {}


async def application(scope: Any, exchange: Any) -> None:
    exchange.response_bytes(*_responses[scope.path])
