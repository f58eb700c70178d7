"""A progress bar on a terminal; nothing elsewhere, such as under cron."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress(label: str, total: int, unit: str) -> Iterator[Callable[[int], object]]:
    """Shows a bar during this block. Yields a function to call with the progress made since the last call."""
    scale = 1024 if unit == "B" else 1000
    with tqdm(
        total=total, desc=label, unit=unit, unit_scale=True, unit_divisor=scale, disable=None, leave=False
    ) as bar:
        yield bar.update
