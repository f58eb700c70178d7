"""Reads the body of a request before anything else handles it.

Bodies are read on the event loop, so a slow sender costs a connection and some memory, but no thread. A sender that is
too slow gets a 408; long bodies go to a temporary file.
"""

import asyncio
import errno
import math
import time
from collections.abc import AsyncIterable
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, NamedTuple

IN_MEMORY = 500_000  # bytes; the longest text is shorter
POLL_INTERVAL = 0.25  # seconds between two checks of how much of a body has arrived
AGAIN_IN = 2  # seconds
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TEXT_IS_SAFE = "Go back: your browser still has what you wrote."


class Pace(NamedTuple):
    """How slowly a body may arrive, and how many may do so at the same time in this process."""

    at_once: float = 0.25  # seconds; a body that arrives within them never counts as slow
    grace: float = 10.0  # seconds before the rate counts
    grace_in_a_crowd: float = 2.0  # the same, if more than half of `slow_most` are taken
    rate: int = 4_000  # bytes per second
    longest: float = 300.0  # seconds
    slow_most: int = 100  # each holds a connection and up to IN_MEMORY bytes

    def stretched(self, factor: float) -> "Pace":
        """Returns the pace for a machine that reads `factor` times as slowly."""
        return self._replace(
            grace=self.grace * factor,
            grace_in_a_crowd=self.grace_in_a_crowd * factor,
            rate=math.ceil(self.rate / factor),
            longest=self.longest * factor,
        )


class BodyRejected(Exception):
    def __init__(self, status: HTTPStatus, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.retry_after = status, reason, retry_after


@dataclass
class Body:
    """A body, and how much of it has arrived."""

    length: int
    began: float = field(default_factory=time.monotonic)
    received: int = 0

    async def receive(self, chunks: AsyncIterable[bytes]) -> IO[bytes] | None:
        """Returns the whole body, or None if its sender left before the end."""
        # Not closed here, since the request reads it.
        content: IO[bytes] = TemporaryFile() if self.length > IN_MEMORY else BytesIO()  # noqa: SIM115
        async for chunk in chunks:
            content.write(chunk)
            self.received += len(chunk)
        if self.received < self.length:
            content.close()
            return None
        content.seek(0)  # writes out what is buffered, too
        return content

    def is_too_slow(self, pace: Pace, *, in_a_crowd: bool) -> bool:
        elapsed = time.monotonic() - self.began
        grace = pace.grace_in_a_crowd if in_a_crowd else pace.grace
        return elapsed > pace.longest or self.received < (elapsed - grace) * pace.rate


class BodyReader:
    """Reads bodies and gives up those that are too slow. Runs on one event loop."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.slow = 0  # bodies that did not arrive at once

    async def read(self, chunks: AsyncIterable[bytes], length: int) -> IO[bytes]:
        """Returns the body. Raises BodyRejected if it is too slow, incomplete, or one too many."""
        body = Body(length)
        arriving = asyncio.ensure_future(body.receive(chunks))
        try:
            await asyncio.wait({arriving}, timeout=self.pace.at_once)
            if not arriving.done():
                await self._wait_for_slow(body, arriving)
            content = arriving.result()
        except OSError as error:
            if error.errno in FULL:
                raise BodyRejected(
                    HTTPStatus.INSUFFICIENT_STORAGE, f"The server’s disk is full. {TEXT_IS_SAFE}"
                ) from error
            content = None
        finally:
            arriving.cancel()
        if content is None:
            raise BodyRejected(HTTPStatus.BAD_REQUEST, "Your request did not arrive completely.")
        return content

    async def _wait_for_slow(self, body: Body, arriving: "asyncio.Future[IO[bytes] | None]") -> None:
        if self.slow >= self.pace.slow_most:
            raise BodyRejected(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"The forum is receiving too much right now. Try again in a moment. {TEXT_IS_SAFE}",
                AGAIN_IN,
            )
        self.slow += 1
        try:
            while not arriving.done():
                await asyncio.wait({arriving}, timeout=min(POLL_INTERVAL, self.pace.grace_in_a_crowd / 4))
                in_a_crowd = self.slow > self.pace.slow_most // 2
                if not arriving.done() and body.is_too_slow(self.pace, in_a_crowd=in_a_crowd):
                    raise BodyRejected(
                        HTTPStatus.REQUEST_TIMEOUT,
                        f"Your request arrived too slowly. {TEXT_IS_SAFE}",
                        AGAIN_IN,
                    )
        finally:
            self.slow -= 1
