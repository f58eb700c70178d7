"""Texts of any length, made of small pieces."""

from collections.abc import Callable
from itertools import count

Generator = Callable[[int], str]


def repeat(piece: str, before: str = "", after: str = "") -> Generator:
    """Returns a text of `piece` repeated."""
    return lambda size: (before + piece * (size // len(piece) + 1))[: size - len(after)] + after


def halves(first: str, second: str, middle: str = "") -> Generator:
    """Returns half a text of `first`, then half of `second`: things opened, then closed."""
    return lambda size: first * (size // 2 // len(first)) + middle + second * (size // 2 // len(second))


def numbered(piece: str) -> Generator:
    """Returns `piece` with a growing number in it."""

    def text(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number in count():
            parts.append(piece.format(number))
            length += len(parts[-1])
            if length >= size:
                return "".join(parts)[:size]
        return ""

    return text


def growing(piece: str, between: str) -> Generator:
    """Returns runs of `piece` that get longer and longer, so that none finds one of its own length."""

    def text(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number in count(1):
            parts.append(piece * number + between)
            length += len(parts[-1])
            if length >= size:
                return "".join(parts)[:size]
        return ""

    return text


def indented(line: str, step: str = "  ") -> Generator:
    """Returns lines that are indented more and more."""

    def text(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number in count():
            parts.append(step * number + line)
            length += len(parts[-1])
            if length >= size:
                return "".join(parts)[:size]
        return ""

    return text


def table(columns: int, row: str = "|\n", dash: str = "-", head: str = "a", inside: str = "") -> Generator:
    """Returns a table of so many columns, filled with short rows; `inside` begins each line."""
    header_rows = f"{inside}{f'|{head}' * columns}\n{inside}{f'|{dash}' * columns}\n"
    return lambda size: (header_rows + f"{inside}{row}" * size)[:size]
