"""The parts of `make bench`, with a few requests each. Their figures are not checked, only that they return some."""

import asyncio
import shutil

import pytest

from bench import floor, load, schedule, servers, table, weight
from bench.schedule import Latency, at_rate
from bench.servers import Server
from bench.table import Line, Part, at_least, at_most
from tests.support.granian import served

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
HEADERS = [("Content-Type", "text/html"), ("X-Bell", "north"), ("Content-Length", "5")]


@pytest.fixture(scope="module")
def floor_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("floor")
    floor.put(folder, "guest", HEADERS, b"bells")
    with servers.serving_floor(folder) as server:
        yield server


@pytest.mark.slow
def test_floor_server_returns_stored_response(floor_server):
    answer = floor_server.get("/guest")
    assert (answer.status, answer.body, answer.own_headers) == (
        200,
        b"bells",
        [(name.lower(), value) for name, value in HEADERS],
    )


@pytest.mark.slow
@needs_wrk
def test_load_counts_responses(floor_server):
    assert load.per_second(floor_server.url("/guest"), seconds=1) > 0
    requests = [load.Request("/guest"), load.Request("/livez", "a=b", f"key={load.KEY}")]
    assert load.per_second_of(requests, floor_server.url("/"), seconds=1) > 0


@pytest.mark.slow
@needs_wrk
def test_load_raises_on_error_response(floor_server):
    with pytest.raises(RuntimeError):
        load.per_second(floor_server.url("/nothing-here"), seconds=1)


def test_load_writes_key_placeholder_into_requests(tmp_path):
    file = tmp_path / "requests"
    load.write([load.Request("/t/1/a/reply/", "session=x", f"submission_key={load.KEY}")], str(file))
    assert file.read_text() == "/t/1/a/reply/\tsession=x\tsubmission_key={key}\n"


def test_latency_percentiles_are_positive_and_ordered(floor_server):
    found = at_rate(floor_server, ["/guest", "/livez"], {}, rate=50, seconds=0.2)
    assert 0 < found.p50 <= found.p95 <= found.p99


@pytest.mark.slow
def test_latency_counts_from_when_the_request_was_due(floor_server, monkeypatch):
    """Ten requests are due within 90 ms, over one connection: the last is sent 450 ms after the first."""

    async def take_50_ms(link: schedule.Link, request: bytes) -> None:
        await asyncio.sleep(0.05)

    monkeypatch.setattr(schedule, "LINKS_MOST", 1)
    monkeypatch.setattr(schedule, "_exchange", take_50_ms)
    assert at_rate(floor_server, ["/guest"], {}, rate=100, seconds=0.1).p99 >= 10 * 50 - 90


def test_latency_p99_shows_slowest_requests():
    found = Latency.of([0.001] * 98 + [0.5] * 2)
    assert (found.p50, found.p99) == (1, 500)


def test_table_marks_met_and_missed_targets():
    said = table.written(
        [
            Part(
                "Pages",
                [
                    Line("quick", [0.4, 0.6, 0.9], at_least(0.5)),
                    Line("slow", [3, 1, 2], at_most(1.5)),
                    Line("that is all", [1_000_000], places=0),
                ],
            )
        ]
    )
    lines = {line.split("  ")[1]: line.split() for line in said.splitlines() if line.startswith("  ")}
    assert lines["quick"][1:] == ["0.40", "0.60", "0.90", ">=", "0.5", "met"]
    assert lines["slow"][1:] == ["1.00", "2.00", "3.00", "<=", "1.5", "MISSED"]
    assert lines["that is all"][3:] == ["1,000,000"] * 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_first_visit_counts_page_styles_and_images(topic):
    path = topic.get_absolute_url()
    with served() as port:
        sizes = weight.fetched(Server(port), path)
    assert path in sizes
    assert any(address.endswith(".css") for address in sizes)
    assert any(address.endswith(".svg") for address in sizes)
    assert all(sizes.values())
