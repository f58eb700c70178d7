"""The version of Belfry."""

import tomllib
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


@cache
def version() -> str:
    return str(tomllib.loads(PROJECT.read_text())["project"]["version"])
