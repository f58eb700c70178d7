"""The drill: a large community is lost and restored; prints the seconds, and checks that memory does not grow."""

import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.drills import rounds

ROOT = Path(__file__).resolve().parents[3]
SMALL_POST_COUNT = 2_000  # posts, a page or two of rows
MEMORY_GROWTH_LIMIT = 16_000  # kB; a row for every post in memory would be twenty times as much


@dataclass
class Run:
    said: str
    seconds: float
    memory: int  # kB at most


def manage(data_dir: Path, *words: str) -> Run:
    env = {**os.environ, "DATA_DIR": str(data_dir)}
    env.pop("DATABASE_URL", None)
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        memory = 0
        while process.poll() is None:
            memory = max(memory, peak_memory(process.pid))
            time.sleep(0.02)
        output.seek(0)
        said = output.read()
    assert process.returncode == 0, said
    return Run(said, time.perf_counter() - began, memory)


def peak_memory(pid: int) -> int:
    """In kB. Not what the system reports at the end: that includes the process that started it, which is this one."""
    with suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        if found := re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE):
            return int(found[1])
    return 0


def back_up_and_restore(directory: Path, posts: int) -> tuple[Run, Run, Path]:
    """Backs up a community of so many posts in one place and restores it in another. Returns the file, too."""
    lost, found, file = directory / "lost", directory / "found", directory / "all.zip"
    manage(lost, "migrate", "--verbosity=0")
    manage(lost, "sample_forum", f"--posts={posts}")
    saved = manage(lost, "backup", f"--file={file}")
    return saved, manage(found, "restore", f"--file={file}"), file


@pytest.fixture(scope="module")
def small_run(tmp_path_factory) -> tuple[Run, Run, Path]:
    return back_up_and_restore(tmp_path_factory.mktemp("small_run"), SMALL_POST_COUNT)


@pytest.mark.drill
@pytest.mark.parametrize("post_count", [100_000, 1_000_000])
def test_large_backup_is_restored_with_constant_memory(tmp_path, small_run, post_count):
    posts = rounds(post_count)
    saved, restored, file = back_up_and_restore(tmp_path, posts)
    seconds, verified = re.findall(r"in ([\d.]+) s", restored.said)
    print(
        f"\n{posts:,} posts: backup {saved.seconds:.1f} s, {file.stat().st_size / 1e6:,.1f} MB; "
        f"restore {seconds} s and verifying {verified} s; memory {saved.memory / 1024:.0f} and "
        f"{restored.memory / 1024:.0f} MiB, with {SMALL_POST_COUNT:,} posts {small_run[0].memory / 1024:.0f} and "
        f"{small_run[1].memory / 1024:.0f}\n{restored.said}"
    )
    assert "Pages: 200 of 200 are identical" in restored.said
    assert 0 < saved.memory < small_run[0].memory + MEMORY_GROWTH_LIMIT
    assert 0 < restored.memory < small_run[1].memory + MEMORY_GROWTH_LIMIT
