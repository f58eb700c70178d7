"""How long a drill runs: `make drills` is the full size, `make drills N=10` ten per cent of it."""

import os


def rounds(full: int) -> int:
    """Returns so many rounds of a drill that has `full` of them; at least one."""
    percent = int(os.environ.get("N") or 100)
    return max(1, full * percent // 100)
