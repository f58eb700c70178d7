"""A post of full length takes a second at most, whatever it says, half of it takes half, and its HTML is at most ten
times as long."""

import math
import multiprocessing
from functools import partial

import markdown
import pytest

from core.text import Rendered, Source, render
from core.text.as_typed import MAX_LENGTH, MIN_LIMIT
from core.text.references import MentionedMember, References
from tests.payloads.slow import SLOW
from tests.support.costs import seconds
from tests.support.drills import rounds

FULL = 32_000
MAX_SECONDS = 1.0
MAX_EXPONENT = 1.3
MIN_MEASURABLE_SECONDS = 0.02
TIMEOUT_SECONDS = 60
MAX_GROWTH_FACTOR = 10


class EveryNameIsMember(dict):
    """Every name belongs to a member, so that every mention is fully processed."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> MentionedMember:
        return MentionedMember(hash(key), f"/u/{key}/")


ALL_NAMES_ARE_MEMBERS = References(people=EveryNameIsMember({"": MentionedMember(0, "/")}), cuts_quotes=True)


def render_and_check_length(text: str) -> None:
    source = Source(text)
    source.names()
    made = html_length(source.render(host="forum.example", refers_to=ALL_NAMES_ARE_MEMBERS))
    assert made <= max(MAX_GROWTH_FACTOR * len(text), MIN_LIMIT), f"{made / len(text):.1f} times as long"
    assert made <= MAX_LENGTH


def html_length(rendered: Rendered) -> int:
    """Returns the length of the HTML, with the quotes in it."""
    return len(rendered.html) + sum(len(quote.html) for quote in rendered.quotes)


def growth_factor(text: str) -> float:
    return html_length(render(text, host="forum.example", refers_to=ALL_NAMES_ARE_MEMBERS)) / len(text)


def exponent(points: list[tuple[int, float]]) -> float:
    """Returns the slope of log time over log size; sizes that are too quick to measure are left out."""
    logs = [(math.log(size), math.log(took)) for size, took in points if took > MIN_MEASURABLE_SECONDS][-3:]
    if len(logs) < 2:
        return 0.0
    middle_x, middle_y = (sum(axis) / len(logs) for axis in zip(*logs, strict=True))
    return sum((x - middle_x) * (y - middle_y) for x, y in logs) / sum((x - middle_x) ** 2 for x, _ in logs)


def measure(name: str, sizes: list[int], times: int = 1) -> list[tuple[int, float]]:
    return [(size, seconds(partial(render_and_check_length, SLOW[name](size)), times)) for size in sizes]


def is_fast(points: list[tuple[int, float]]) -> bool:
    return points[-1][1] <= MAX_SECONDS and exponent(points) <= MAX_EXPONENT


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if index % 8 == 0 else pytest.mark.slow) for index, name in enumerate(SLOW)],
)
def test_full_length_text_renders_fast_and_linearly(name: str):
    """Every eighth text at full length, the others at an eighth of it, which shows as much and costs less. The drill
    below measures all at full length."""
    points = measure(name, [FULL // 8])
    is_suspect = points[0][1] > MAX_SECONDS / 6
    if name in list(SLOW)[::8] and not is_suspect:
        points += measure(name, [FULL])
    if is_suspect or not is_fast(points):
        # Once more, the best of three: a measurement can be unlucky, a parser cannot be lucky.
        points = measure(name, [FULL // 4, FULL // 2, FULL], times=3)
    assert is_fast(points), f"{points}, exponent {exponent(points):.2f}"


def test_generators_are_complete_and_reach_full_length():
    assert len(SLOW) >= 53
    assert all(len(make(FULL)) <= FULL for make in SLOW.values())
    assert [name for name, make in SLOW.items() if len(make(FULL)) < FULL * 0.95] == []


@pytest.mark.slow
def test_measurement_detects_nonlinear_parser():
    points = [(size, seconds(partial(markdown.markdown, "[" * size))) for size in (750, 1_500, 3_000)]
    assert exponent(points) > 1.6


@pytest.mark.drill
def test_every_slow_text_is_fast_at_every_size():
    """Each generator has a process of its own, killed if it hangs."""
    names = list(SLOW)[:: round(len(SLOW) / rounds(len(SLOW)))]
    sizes = [FULL // part for part in (16, 8, 4, 2, 1)]
    rows = []
    for name in names:
        with multiprocessing.get_context("fork").Pool(1) as pool:  # leaving the block kills it
            try:
                points = pool.apply_async(measure, (name, sizes, 2)).get(timeout=TIMEOUT_SECONDS)
                if not is_fast(points):
                    points = pool.apply_async(measure, (name, sizes, 5)).get(timeout=TIMEOUT_SECONDS)
            except multiprocessing.TimeoutError:
                points = [(FULL, math.inf)]
        rows.append((points[-1][1], exponent(points), name))
    rows.sort(reverse=True)
    made = sorted(((growth_factor(SLOW[name](FULL)), name) for name in names), reverse=True)
    print(
        f"\noutput of {len(made)} texts, times the input: " + ", ".join(f"{n:.1f} {t!r}" for n, t in made[:5])
    )
    print(f"\n{'seconds':>8} {'exponent':>8}  text ({len(rows)} of them, {FULL} characters)")
    for took, slope, name in rows[:20]:
        print(f"{took:8.3f} {slope:8.2f}  {name!r}")
    assert [row for row in rows if row[0] > MAX_SECONDS or row[1] > MAX_EXPONENT] == []
    assert made[0][0] <= MAX_GROWTH_FACTOR
