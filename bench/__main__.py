"""`python -m bench`: measures everything and prints one table."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from bench import table
from bench.forums import LARGE, SMALL, Workspace, production
from bench.rounds import Rounds
from bench.servers import ROOT
from bench.table import Part

PARTS = ("reading", "pages", "lists", "latency", "replies", "weight")


def main() -> None:
    arguments = _arguments()
    from bench.load import require_wrk

    require_wrk()
    print(f"{table.machine()} at the start", flush=True)
    home = Path(os.environ.get("DATA_DIR") or ROOT / "var") / "bench"
    rounds = Rounds(percent=int(os.environ.get("N") or 100))
    with closing(Workspace(home)) as workspace:
        parts: list[Part] = []
        try:
            parts.extend(_parts(workspace, rounds, arguments.only, arguments.posts))
        finally:  # results from before a failure took minutes to measure
            print(table.written(parts))
    print(
        f"\n{rounds.number} rounds at {rounds.percent} percent of their length; {table.machine()} at the end"
    )
    if arguments.strict and any(line.is_missed for part in parts for line in part.lines):
        sys.exit("A goal was missed.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure only these parts")
    parser.add_argument("--strict", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--posts", type=int, default=LARGE, help="of the large forum")
    return parser.parse_args()


def _parts(workspace: Workspace, rounds: Rounds, wanted: tuple[str, ...], posts: int) -> Iterator[Part]:
    os.environ.pop("DATABASE_URL", None)  # the bench uses its own PostgreSQL
    small, large = workspace.grown(SMALL), workspace.grown(posts)
    os.environ |= production() | large.environment
    workspace.collect_static()
    import django

    django.setup()
    from bench import latency, lists, pages, reading, replies, servers, weight

    with ExitStack() as stack:
        in_large = stack.enter_context(servers.serving(large.environment))
        if "reading" in wanted:
            yield reading.measure(large, in_large, workspace.folder / "floor", rounds)
        if "pages" in wanted:
            with servers.serving(small.environment) as in_small:
                yield pages.measure(small, large, (in_small, in_large), rounds)
        if "lists" in wanted:
            yield lists.measure(small, large, rounds)
        if "latency" in wanted:
            yield from latency.measure(large, in_large, rounds)
        if "replies" in wanted:
            yield replies.measure(workspace, small, rounds)
        if "weight" in wanted:
            yield weight.measure(large, in_large)


if __name__ == "__main__":
    main()
