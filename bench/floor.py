"""The floor: a bare function that returns prepared bytes for each URL. No forum on the same web server can be faster,
so Belfry's ratio to it does not depend on the machine."""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = "BENCH_FLOOR"  # environment variable: the folder of the responses

Answer = tuple[int, list[tuple[str, str]], bytes]


def put(folder: Path, name: str, headers: list[tuple[str, str]], body: bytes) -> None:
    """From now on this is the response to `/name`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.headers").write_text(json.dumps(headers))
    (folder / f"{name}.body").write_bytes(body)


def answers(folder: Path) -> dict[str, Answer]:
    return {
        f"/{said.stem}": (
            200,
            [(name, value) for name, value in json.loads(said.read_text())],
            said.with_suffix(".body").read_bytes(),
        )
        for said in folder.glob("*.headers")
    }


_answers = answers(Path(os.environ[FOLDER])) if FOLDER in os.environ else {}


async def application(scope: Any, exchange: Any) -> None:
    exchange.response_bytes(*_answers[scope.path])
