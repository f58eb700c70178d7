"""Whatever happens to the database: pages can be read, what was typed comes back, nobody waits long, and it
recovers."""

import statistics
import time

import pytest

from tests.failures.faults import FAULTS
from tests.failures.forum import Forum
from tests.failures.load import Load, RequestRecord
from tests.support.drills import rounds

pytestmark = pytest.mark.slow

# Seconds on an idle machine; each is multiplied by Forum.stretch.
RESPONSE_WITHIN = 3.0  # each request
RECOVERY_WITHIN = 2.0  # from the database's first sign of life to the first accepted reply
CALM_SECONDS = 0.5  # before the fault, to account for a busy machine
SETTLE_SECONDS = 0.7  # the monitor of every process has checked the database


def run_fault(
    forum: Forum, fault: str, *, seconds: float, guests: int, members: int, writers: int
) -> dict[str, float]:
    """Runs a fault that lasts some seconds under load, and checks what must hold then. Returns figures."""
    load, stretch = Load(forum), forum.stretch
    load.start(guests=guests, members=members, writers=writers)
    try:
        load.wait_for_write(time.monotonic(), within=30 * stretch)
        time.sleep(CALM_SECONDS * stretch)
        calm = max(one.seconds for one in load.told[len(load.told) // 2 :])
        with FAULTS[fault](forum):
            began = time.monotonic()
            time.sleep(seconds * stretch)
            ended = time.monotonic()
        back = time.monotonic()
        written_after = load.wait_for_write(back, within=30 * stretch)
        time.sleep(SETTLE_SECONDS * stretch)
    finally:
        load.stop()
    during = [one for one in load.told if began + SETTLE_SECONDS * stretch <= one.began < ended]
    figures = {
        "requests": len(load.told),
        "500s": sum(one.status == 500 for one in load.told),
        "unanswered": sum(one.status == 0 for one in load.told),
        "503s": sum(one.status == 503 for one in load.told),
        "texts lost": sum(not one.text_returned for one in load.told),
        "slowest": max(one.seconds for one in load.told),
        "in calm": calm,
        "p99": statistics.quantiles([one.seconds for one in load.told], n=100)[98],
        "good write after": written_after,
        "stored pages read": sum(one.status == 200 for one in during if one.client_kind == "guest"),
    }
    print(f"\n{fault}: " + ", ".join(f"{name} {value:.4g}" for name, value in figures.items()))
    unexpected = {one.status for one in load.told} - {200, 302, 503}
    assert not unexpected, f"answers of {unexpected}"
    assert figures["texts lost"] == 0
    assert figures["slowest"] < RESPONSE_WITHIN * stretch + calm
    assert written_after <= RECOVERY_WITHIN * stretch
    _assert_pages_readable(during)
    _assert_no_reply_lost_or_duplicated(forum, load)
    return figures


def _assert_pages_readable(during: list[RequestRecord]) -> None:
    assert any(one.client_kind == "guest" for one in during)
    refused = [one for one in during if one.client_kind != "writer" and one.status != 200]
    assert not refused, f"{len(refused)} of {len(during)} pages, such as {refused[0]}"


def _assert_no_reply_lost_or_duplicated(forum: Forum, load: Load) -> None:
    """Nothing acknowledged is lost, nothing is duplicated, and nothing exists that nobody sent."""
    rows = forum.query_database("SELECT submission_key FROM forum_post WHERE position > 1")
    kept = [key for (key,) in rows]
    assert len(kept) == len(set(kept))
    assert load.acknowledged.keys() <= set(kept)
    made_now = forum.query_database("SELECT count(*) FROM forum_post WHERE body LIKE 'A bell that nobody%'")
    assert made_now[0][0] == len(kept)


@pytest.mark.parametrize("fault", FAULTS)
def test_forum_survives_short_database_fault(forum, fault):
    # A query that runs when everything freezes waits until its timeout.
    seconds = 4 if fault == "all of it frozen" else 2
    run_fault(forum, fault, seconds=seconds, guests=4, members=3, writers=2)


# Ten percent of the drill is one of the faults; the test above has each of them.
@pytest.mark.drill
@pytest.mark.parametrize("fault", list(FAULTS)[: rounds(len(FAULTS))])
def test_forum_survives_long_database_fault(forum, fault):
    run_fault(forum, fault, seconds=rounds(60), guests=10, members=6, writers=4)
