"""A body is read before any work for its request starts, and a slow one blocks nobody."""

import asyncio
import errno
import http.client
import socket
import time
from http import HTTPStatus

import pytest
from django.conf import settings

from config.server import request_bodies
from config.server.request_bodies import Body, BodyReader, BodyRejected, Pace
from tests.support.costs import stretch
from tests.support.granian import ROOT, serving

FOREVER = 3_600.0
PATIENT = Pace(at_once=0.01, grace=FOREVER, grace_in_a_crowd=FOREVER, longest=FOREVER)


async def chunks(*pieces: bytes, stops: bool = False, error: Exception | None = None):
    for piece in pieces:
        yield piece
    if error:
        raise error
    if stops:
        await asyncio.sleep(FOREVER)


def read(source, length: int, pace: Pace = PATIENT) -> bytes:
    async def all_of_it() -> bytes:
        return (await BodyReader(pace).read(source, length)).read()

    return asyncio.run(all_of_it())


def expect_rejection(source, length: int, pace: Pace = PATIENT) -> BodyRejected:
    with pytest.raises(BodyRejected) as found:
        read(source, length, pace)
    return found.value


@pytest.mark.parametrize("length", [1, 4_097, request_bodies.IN_MEMORY + 1])
def test_body_is_read_completely(length):
    content = bytes(range(256)) * (length // 256 + 1)
    pieces = [content[:length][at : at + 65_536] for at in range(0, length, 65_536)]
    assert read(chunks(*pieces), length) == content[:length]


def test_long_body_is_stored_on_disk():
    async def both():
        reader = BodyReader(PATIENT)
        short = await reader.read(chunks(b"xxx"), 3)
        return short, await reader.read(
            chunks(b"x" * (request_bodies.IN_MEMORY + 1)), request_bodies.IN_MEMORY + 1
        )

    short, long = asyncio.run(both())
    assert not hasattr(short, "name")
    assert long.fileno() > 2
    long.close()


def test_stalled_body_gets_408_with_reason():
    error = expect_rejection(chunks(b"a" * 10, stops=True), 100, PATIENT._replace(grace=0.0))
    assert (error.status, error.retry_after) == (HTTPStatus.REQUEST_TIMEOUT, 2)
    assert "your browser still has what you wrote" in error.reason


def test_body_over_maximum_time_gets_408():
    assert expect_rejection(chunks(b"a", stops=True), 2, PATIENT._replace(longest=0.0)).status == 408


def test_minimum_rate_applies_after_grace_period():
    body = Body(10_000)
    pace = Pace(grace=10, grace_in_a_crowd=2, rate=1_000, longest=100)
    for took, received, crowded, slow in (
        (9, 0, False, False),
        (11, 900, False, True),
        (11, 1_100, False, False),
        (3, 900, True, True),
        (101, 10**9, False, True),
    ):
        body.began, body.received = time.monotonic() - took, received
        assert body.is_too_slow(pace, in_a_crowd=crowded) is slow, (took, received, crowded)


def test_deadline_factor_stretches_body_pace():
    pace = Pace(grace=10, grace_in_a_crowd=2, rate=1_000, longest=100).stretched(3)
    assert (pace.grace, pace.grace_in_a_crowd, pace.rate, pace.longest) == (30, 6, 334, 300)
    assert Pace().stretched(settings.DEADLINE_FACTOR) == settings.BODY_PACE
    assert settings.DEADLINE_FACTOR > 1


@pytest.mark.parametrize("error", [None, ConnectionResetError()])
def test_closed_connection_gets_400(error):
    assert expect_rejection(chunks(b"a", error=error), 2).status == 400


def test_full_disk_gets_507_with_reason():
    error = expect_rejection(chunks(b"a", error=OSError(errno.ENOSPC, "full")), 2)
    assert (error.status, error.retry_after) == (HTTPStatus.INSUFFICIENT_STORAGE, None)
    assert "disk" in error.reason


def test_slow_bodies_do_not_block_fast_bodies():
    """While as many wait as may, the next slow one is rejected, and a quick one is still read."""

    async def all_of_it() -> list[object]:
        reader = BodyReader(PATIENT._replace(slow_most=2))
        slow = [asyncio.ensure_future(reader.read(chunks(b"a", stops=True), 2)) for _ in range(2)]
        while reader.slow < 2:
            await asyncio.sleep(0.01)
        quick = (await reader.read(chunks(b"ab"), 2)).read()
        (third,) = await asyncio.gather(reader.read(chunks(b"a", stops=True), 2), return_exceptions=True)
        in_a_crowd = reader.slow
        reader.pace = reader.pace._replace(grace_in_a_crowd=0.0)
        ended, waiting = await asyncio.wait(slow, return_when=asyncio.FIRST_COMPLETED)
        left = reader.slow  # alone, it has the longer time limit of an idle server
        for one in waiting:
            one.cancel()
        return [quick, third, in_a_crowd, ended.pop().exception(), left]

    quick, third, in_a_crowd, given_up, left = asyncio.run(all_of_it())
    assert quick == b"ab"
    assert (third.status, third.retry_after, in_a_crowd) == (503, 2, 2)
    assert (given_up.status, left) == (408, 1)


IMPATIENT_APPLICATION = """
from config.server.request_bodies import Pace
from config.server.wsgi_in_threads import accept, serve

def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

application = serve(app, before_body=accept, pace=Pace(at_once=0.1, grace=0.2))
"""


@pytest.mark.slow
def test_server_responds_during_and_after_stalled_bodies(tmp_path):
    """A response to a request whose body had not arrived once stopped the whole process until its sender left."""
    (tmp_path / "impatient.py").write_text(IMPATIENT_APPLICATION)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    with serving("impatient:application", cwd=tmp_path, PYTHONPATH=f"{ROOT}:{tmp_path}") as port:
        senders = [socket.create_connection(("127.0.0.1", port), timeout=120) for _ in range(5)]
        try:
            for sender in senders:
                sender.sendall(head + b"a")
            _assert_served(port)
            for sender in senders:
                assert sender.recv(65_536).startswith(b"HTTP/1.1 408 ")  # and the connection stays open
            for _ in range(5):
                _assert_served(port)
        finally:
            for sender in senders:
                sender.close()


def _assert_served(port: int) -> None:
    guest = http.client.HTTPConnection("127.0.0.1", port, timeout=20 * stretch())
    guest.request("GET", "/")
    assert guest.getresponse().status == 200
    guest.close()
