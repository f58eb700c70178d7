"""A progress bar for whoever watches; nothing where nobody does, as under cron."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress(doing: str, total: int, unit: str) -> Iterator[Callable[[int], object]]:
    """A bar during this block; call what it gives with how much more has been done."""
    scale = 1024 if unit == "B" else 1000
    with tqdm(
        total=total, desc=doing, unit=unit, unit_scale=True, unit_divisor=scale, disable=None, leave=False
    ) as bar:
        yield bar.update
