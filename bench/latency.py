"""How long people wait under load: requests at fixed times, alone and during requests of many members."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import load, visits
from bench.forums import Forum
from bench.load import Request
from bench.rounds import Rounds
from bench.schedule import Latency, at_rate
from bench.servers import Server
from bench.table import Line, Part

GUESTS, MEMBERS, CROWD = 500, 50, 16  # per second, per second, members who never pause


def measure(forum: Forum, server: Server, rounds: Rounds) -> list[Part]:
    with visits.using(forum):
        paths = visits.pages_from(visits.long_topic(), 1)
        cookies = visits.cookies_of(visits.reader())
    seconds = rounds.seconds(10)
    alone: list[Latency] = []
    members: list[Latency] = []
    crowded: list[Latency] = []
    for who in (visits.headers(), visits.headers(cookies)):
        for path in 4 * paths:
            server.get(path, who)
    for _ in rounds.each("Latency"):
        alone.append(at_rate(server, paths, visits.headers(), rate=GUESTS, seconds=seconds))
        members.append(at_rate(server, paths, visits.headers(cookies), rate=MEMBERS, seconds=seconds))
        with _crowd(server, [Request(path, cookies) for path in paths], seconds):
            crowded.append(at_rate(server, paths, visits.headers(), rate=GUESTS, seconds=seconds))
    return [
        Part(
            f"Latency at a fixed rate, from the moment due (ms): {GUESTS} guests, {MEMBERS} members a second",
            [*_lines("guests", alone), *_lines("members", members)],
        ),
        Part(
            f"Guests, {GUESTS} a second, beside {CROWD} members who never pause (ms)",
            [
                *_lines("guests", crowded),
                Line(
                    "p99 / p99 alone", [b.p99 / a.p99 for b, a in zip(crowded, alone, strict=True)], places=1
                ),
            ],
        ),
    ]


def _lines(who: str, latencies: list[Latency]) -> list[Line]:
    return [
        Line(f"{who}, {name}", [getattr(latency, name) for latency in latencies], places=1)
        for name in ("p50", "p95", "p99")
    ]


@contextmanager
def _crowd(server: Server, requests: list[Request], seconds: float) -> Iterator[None]:
    with tempfile.NamedTemporaryFile("w", suffix=".requests") as file:
        load.write(requests, file.name)
        wrk = load.command(seconds=seconds + 2, connections=CROWD)
        crowd = subprocess.Popen(
            [*wrk, *load.script_arguments(file.name, server.url("/"))], stdout=subprocess.DEVNULL
        )
        time.sleep(0.5)
        try:
            yield
            assert crowd.poll() is None, "the load ended too early"
        finally:
            crowd.terminate()
            crowd.wait()
