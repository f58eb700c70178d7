"""In development there is no collectstatic: the joined files are made when a browser requests them."""

import gzip
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder

from config.web.static_files import CSS_PARTS, JS_PARTS, SITE_CSS, SITE_JS, join_scripts, join_styles

JOINED = {SITE_CSS: (CSS_PARTS, join_styles), SITE_JS: (JS_PARTS, join_scripts)}


class JoinedFinder(BaseFinder):
    """Finds the two joined files, made from the current parts. Lists none to collectstatic, which makes its own."""

    def check(self, **options: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return ()

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        if path not in JOINED or not settings.DEVELOPMENT:
            return []  # also for a single file, like Django's own finders: None would count as found
        parts, join = JOINED[path]
        found = str(_written(path, join(Path(_found(part)).read_text() for part in parts)))
        return [found] if find_all else found


def _found(part: str) -> str:
    path = finders.find(part)
    if path is None:
        raise FileNotFoundError(part)
    return str(path)


def _written(name: str, text: str) -> Path:
    """Writes the file only if it changed, with the compressed copies that WhiteNoise looks for next to it."""
    path: Path = settings.DATA_DIR / "joined" / name
    if not path.is_file() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path.with_name(f"{path.name}.br"), brotli.compress(text.encode(), quality=5))
        _replace(path.with_name(f"{path.name}.gz"), gzip.compress(text.encode(), compresslevel=6))
        _replace(path, text.encode())
    return path


def _replace(path: Path, content: bytes) -> None:
    """Replaces a file atomically, since two processes may write at once."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)
