"""Requests at fixed times, however slow the responses: each latency counts from the time when the request was due.
Sending a request only after the last response would measure a server that rests whenever it is slow."""

import asyncio
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from bench.servers import HOST, Server

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
LINKS_MOST = 256

Link = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Latency:
    """Percentiles in milliseconds."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        ordered = sorted(seconds)
        at = [ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95, 0.99)]
        return cls(*(1000 * found for found in at))


def at_rate(
    server: Server, paths: Sequence[str], headers: dict[str, str], *, rate: float, seconds: float
) -> Latency:
    """Requests these pages in turn, `rate` per second."""
    requests = [_request(path, headers) for path in paths]
    run = partial(_ask_all, server.port, requests, rate=rate, number=int(rate * seconds))
    with ThreadPoolExecutor(1) as pool:  # its own event loop, for any caller
        return Latency.of(pool.submit(lambda: asyncio.run(run())).result())


async def _ask_all(port: int, requests: list[bytes], *, rate: float, number: int) -> list[float]:
    idle: list[Link] = []
    enough = asyncio.Semaphore(LINKS_MOST)
    began = time.perf_counter() + 0.1

    async def ask(turn: int) -> float:
        due = began + turn / rate
        await asyncio.sleep(due - time.perf_counter())
        async with enough:
            link = idle.pop() if idle else await asyncio.open_connection(HOST, port)
            await _exchange(link, requests[turn % len(requests)])
            idle.append(link)
        return time.perf_counter() - due

    latencies = await asyncio.gather(*(ask(turn) for turn in range(number)))
    for _, writer in idle:
        writer.close()
    return list(latencies)


async def _exchange(link: Link, request: bytes) -> None:
    reader, writer = link
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200") or length is None:
        raise RuntimeError(f"The server says: {head.decode('latin-1')}")
    await reader.readexactly(int(length[1]))


def _request(path: str, headers: dict[str, str]) -> bytes:
    all_headers = {"Host": HOST, **headers}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in all_headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")
