"""The results as lines of a table: minimum, median and maximum of several rounds, next to the goal."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

HEAD = ("", "min", "median", "max", "goal", "")


@dataclass(frozen=True)
class Goal:
    """At least or at most this much."""

    sign: str  # ">=" or "<="
    bound: float

    def is_met_by(self, figure: float) -> bool:
        return figure >= self.bound if self.sign == ">=" else figure <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


def at_least(bound: float) -> Goal:
    return Goal(">=", bound)


def at_most(bound: float) -> Goal:
    return Goal("<=", bound)


@dataclass(frozen=True)
class Line:
    label: str
    figures: list[float]  # one per round
    goal: Goal | None = None
    places: int = 2

    @property
    def is_missed(self) -> bool:
        return self.goal is not None and not self.goal.is_met_by(median(self.figures))

    def cells(self) -> tuple[str, ...]:
        figures = (min(self.figures), median(self.figures), max(self.figures))
        verdict = "" if self.goal is None else "MISSED" if self.is_missed else "met"
        return (
            self.label,
            *(f"{figure:,.{self.places}f}" for figure in figures),
            str(self.goal or ""),
            verdict,
        )


@dataclass(frozen=True)
class Part:
    """The lines of one part of the bench."""

    title: str
    lines: list[Line]


def machine() -> str:
    return f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.2f}"


def written(parts: Iterable[Part]) -> str:
    parts = list(parts)
    rows = [HEAD, *(line.cells() for part in parts for line in part.lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    text = [_row(HEAD, widths)]
    for part in parts:
        text += ["", part.title, *(_row(line.cells(), widths) for line in part.lines)]
    return "\n".join(text)


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    label, *figures, goal, verdict = cells
    columns = [
        label.ljust(widths[0]),
        *(cell.rjust(width) for cell, width in zip(figures, widths[1:4], strict=True)),
        goal.ljust(widths[4]),
        verdict,
    ]
    return ("  " + "  ".join(columns)).rstrip()
