"""A body is read before anything works for its request, and a slow one holds nobody up."""

import threading
from io import BytesIO

import pytest
from django.conf import settings

from config.server import request_bodies as bodies
from config.server.request_bodies import Pace, read_first

FOREVER = 3_600.0
PATIENT = Pace(at_once=0.01, grace=FOREVER, grace_in_a_crowd=FOREVER, longest=FOREVER)


class Sender:
    """Sends what it is told to, when it is told to."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.goes_on = threading.Event()
        self.asked = threading.Event()

    def read(self, size: int) -> bytes:
        self.asked.set()
        if not self.pieces:
            self.goes_on.wait(60)
            return b""
        return self.pieces.pop(0)


@pytest.fixture
def senders():
    made: list[Sender] = []

    def sender(*pieces: bytes) -> Sender:
        made.append(Sender(*pieces))
        return made[-1]

    yield sender
    for one in made:
        one.goes_on.set()


def echo(environ, start_response):
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def send(app, source, length: int) -> tuple[int, dict[str, str], bytes]:
    said: list = []
    answer = app(
        {"wsgi.input": source, "CONTENT_LENGTH": str(length)},
        lambda status, headers: said.extend([status, headers]),
    )
    return int(said[0].split()[0]), dict(said[1]), b"".join(answer)


@pytest.mark.parametrize("length", [1, bodies.CHUNK, bodies.CHUNK + 1, bodies.IN_MEMORY + 1])
def test_a_body_comes_whole(length):
    content = bytes(range(256)) * (length // 256 + 1)
    assert send(read_first(echo), BytesIO(content), length) == (200, {}, content[:length])


def test_a_long_one_lies_on_the_disk():
    seen = []
    app = read_first(
        lambda environ, start_response: seen.append(environ["wsgi.input"]) or echo(environ, start_response)
    )
    send(app, BytesIO(b"x" * 3), 3)
    send(app, BytesIO(b"x" * (bodies.IN_MEMORY + 1)), bodies.IN_MEMORY + 1)
    assert isinstance(seen[0], BytesIO)
    assert seen[1].fileno() > 2


def test_a_request_without_a_body_waits_for_nothing(senders):
    sender = senders()
    app = read_first(lambda environ, start_response: start_response("200 OK", []) or [])
    assert send(app, sender, 0)[0] == 200
    assert not sender.asked.is_set()


def test_one_that_stops_is_told_so(senders):
    app = read_first(echo, pace=PATIENT._replace(grace=0.0))
    status, headers, body = send(app, senders(b"a" * 10), 100)
    assert (status, headers["Connection"], headers["Retry-After"]) == (408, "close", "2")
    assert b"your browser still has what you wrote" in body
    assert "Content-Security-Policy" in headers


def test_one_that_drips_is_too_slow_and_its_reader_ends(senders):
    """Each byte comes at once when it is asked for, and still they come too slowly."""
    sender = senders(*[b"a"] * 3)
    app = read_first(echo, pace=PATIENT._replace(grace=0.0, rate=10**9))
    assert send(app, sender, 1_000)[0] == 408


def test_nobody_may_take_longer_than_the_longest(senders):
    assert send(read_first(echo, pace=PATIENT._replace(longest=0.0)), senders(b"a"), 2)[0] == 408


def test_the_rate_counts_from_the_end_of_the_grace():
    body = bodies.Body(BytesIO(), 10_000)
    pace = Pace(grace=10, grace_in_a_crowd=2, rate=1_000, longest=100)
    for took, received, crowded, slow in (
        (9, 0, False, False),
        (11, 900, False, True),
        (11, 1_100, False, False),
        (3, 900, True, True),
        (101, 10**9, False, True),
    ):
        assert body.chunk == bodies.CHUNK
        body.began, body.received = bodies.time.monotonic() - took, received
        assert body.is_too_slow(pace, in_a_crowd=crowded) is slow, (took, received, crowded)


def test_on_a_slow_machine_a_body_may_come_as_much_more_slowly():
    pace = Pace(grace=10, grace_in_a_crowd=2, rate=1_000, longest=100).stretched(3)
    assert (pace.grace, pace.grace_in_a_crowd, pace.rate, pace.longest) == (30, 6, 334, 300)
    assert Pace().stretched(settings.DEADLINE_FACTOR) == settings.BODY_PACE
    assert settings.DEADLINE_FACTOR > 1


def test_a_sender_that_hangs_up_is_no_error(senders):
    sender = senders(b"a")
    sender.goes_on.set()
    assert send(read_first(echo), sender, 2)[0] == 400


def test_slow_ones_leave_room_for_those_that_are_there(senders, monkeypatch):
    """While as many wait as may, the next slow one is sent away, and a quick one is taken as ever."""
    readers = bodies.Readers(PATIENT._replace(slow_most=2, at_once=FOREVER))
    monkeypatch.setattr(bodies, "Readers", lambda pace: readers)
    app = read_first(echo)
    assert [readers.take_turn() for _ in range(3)] == [True, True, False]
    assert send(app, BytesIO(b"ab"), 2)[0] == 200
    readers.pace = readers.pace._replace(at_once=0.01)
    status, headers, _ = send(app, senders(b"a"), 2)
    assert (status, headers["Retry-After"], headers["Connection"]) == (503, "2", "close")
    readers.give_turn_back()
    readers.pace = readers.pace._replace(grace_in_a_crowd=0.0)
    assert send(app, senders(b"a"), 2)[0] == 408  # it waited, and gave its turn back
    assert (readers.slow, readers.new) == (1, 0)


def test_readers_are_bounded_and_come_back(senders):
    app = read_first(echo, pace=PATIENT._replace(grace=0.0, readers_most=1))
    sender = senders(b"a")
    assert send(app, sender, 2)[0] == 408
    assert send(app, BytesIO(b"ab"), 2)[0] == 503  # its reader still hangs on it
    reader = next(thread for thread in threading.enumerate() if thread.name == "body")
    sender.goes_on.set()
    reader.join(60)
    assert send(app, BytesIO(b"ab"), 2)[0] == 200


def test_a_full_disk_is_said(monkeypatch):
    def full():
        raise OSError(bodies.errno.ENOSPC, "full")

    monkeypatch.setattr(bodies, "TemporaryFile", full)
    length = bodies.IN_MEMORY + 1
    assert send(read_first(echo), BytesIO(b"x" * length), length)[0] == 507
