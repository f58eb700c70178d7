"""Deep pages against first ones, and a forum of a million posts against one of ten thousand."""

from statistics import fmean
from time import perf_counter

from django.test import Client

from bench import load, visits
from bench.forums import Forum
from bench.load import Request
from bench.rounds import Rounds
from bench.servers import Server
from bench.table import Line, Part, at_most

FIRST, LAST = 1, visits.DEEP - visits.PAGES + 1


class Stretch:
    """Some consecutive pages of the long topic of a forum, as a member reads them."""

    def __init__(self, forum: Forum, server: Server, first: int) -> None:
        self.forum, self.server = forum, server
        with visits.using(forum):
            self.member = visits.reader()
            self.paths = visits.pages_from(visits.long_topic(), first)
            cookies = visits.cookies_of(self.member)
        self.requests = [Request(path, cookies) for path in self.paths]

    def warm(self, seconds: float) -> float:
        """Returns the server's milliseconds per page, for many requests at once."""
        return 1000 / load.per_second_of(self.requests, self.server.url("/"), seconds=seconds)

    def cold(self, times: int) -> float:
        """Returns Django's milliseconds per page without caches, one request at a time: the best of a few tries, so
        that other load on the machine does not count."""
        with visits.using(self.forum):
            client = visits.browser(self.member)
            self._each(client)  # loads templates, and marks the pages as read
            tries = [self._each(client) for _ in range(times)]
        return fmean(min(durations) for durations in zip(*tries, strict=True))

    def _each(self, client: Client) -> list[float]:
        durations = []
        for path in self.paths:
            visits.forget()
            began = perf_counter()
            response = client.get(path)
            durations.append(1000 * (perf_counter() - began))
            assert response.status_code == 200, response
        return durations


def measure(small: Forum, large: Forum, servers: tuple[Server, Server], rounds: Rounds) -> Part:
    in_small, in_large = servers
    stretches = {
        "small": Stretch(small, in_small, FIRST),
        "first": Stretch(large, in_large, FIRST),
        "deep": Stretch(large, in_large, LAST),
    }
    for stretch in stretches.values():
        stretch.warm(2)
    warm: list[dict[str, float]] = []
    cold: list[dict[str, float]] = []
    for _ in rounds.each("Deep pages, large forums"):
        warm.append({name: stretch.warm(rounds.seconds(2)) for name, stretch in stretches.items()})
        cold.append({name: stretch.cold(max(2, rounds.times(4))) for name, stretch in stretches.items()})
    return Part(
        f"A member's page, {visits.PAGES} in a row on average (times: less is better)",
        [
            Line("pages to 500 / from 1", _ratios(warm, "deep", "first"), at_most(1.1)),
            Line("pages to 500 / from 1, nothing kept", _ratios(cold, "deep", "first"), at_most(1.1)),
            Line("1,000,000 posts / 10,000", _ratios(warm, "first", "small"), at_most(1.2)),
            Line("1,000,000 posts / 10,000, nothing kept", _ratios(cold, "first", "small"), at_most(1.2)),
            Line("nothing kept, ms", [found["first"] for found in cold], places=1),
        ],
    )


def _ratios(found: list[dict[str, float]], one: str, other: str) -> list[float]:
    return [times[one] / times[other] for times in found]
