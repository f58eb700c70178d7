"""The parts of `make bench`, with a few requests each. Their figures are not checked, only that they return some."""

import shutil

import pytest

from bench import floor, load, servers, table, weight
from bench.schedule import Latency, at_rate
from bench.servers import Server
from bench.table import Line, Part, at_least, at_most
from tests.support.served import served

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
HEADERS = [("Content-Type", "text/html"), ("X-Bell", "north"), ("Content-Length", "5")]


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("floor")
    floor.put(folder, "guest", HEADERS, b"bells")
    with servers.serving_floor(folder) as server:
        yield server


def test_the_floor_answers_what_was_put_there(ground):
    answer = ground.get("/guest")
    assert (answer.status, answer.body, answer.own_headers) == (
        200,
        b"bells",
        [(name.lower(), value) for name, value in HEADERS],
    )


@needs_wrk
def test_load_counts_answers(ground):
    assert load.per_second(ground.url("/guest"), seconds=1) > 0
    requests = [load.Request("/guest"), load.Request("/livez", "a=b", f"key={load.KEY}")]
    assert load.per_second_of(requests, ground.url("/"), seconds=1) > 0


@needs_wrk
def test_an_answer_that_is_none_spoils_the_figure(ground):
    with pytest.raises(RuntimeError):
        load.per_second(ground.url("/nothing-here"), seconds=1)


def test_a_form_becomes_another_one_each_time(tmp_path):
    file = tmp_path / "requests"
    load.write([load.Request("/t/1/a/reply/", "session=x", f"submission_key={load.KEY}")], str(file))
    assert file.read_text() == "/t/1/a/reply/\tsession=x\tsubmission_key={key}\n"


def test_latency_counts_from_the_moment_due(ground):
    found = at_rate(ground, ["/guest", "/livez"], {}, rate=50, seconds=0.2)
    assert 0 < found.p50 <= found.p95 <= found.p99


def test_latency_tells_the_slowest_apart():
    found = Latency.of([0.001] * 98 + [0.5] * 2)
    assert (found.p50, found.p99) == (1, 500)


def test_the_table_says_what_is_missed():
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
def test_a_first_visit_fetches_what_the_page_names(topic):
    path = topic.get_absolute_url()
    with served() as port:
        sizes = weight.fetched(Server(port), path)
    assert path in sizes
    assert any(address.endswith(".css") for address in sizes)
    assert any(address.endswith(".svg") for address in sizes)
    assert all(sizes.values())
