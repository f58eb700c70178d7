"""A guest's and a member's page of a topic against the floor: the same bytes from a bare function."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import floor, load, servers, visits
from bench.forums import Forum
from bench.rounds import Rounds
from bench.servers import Server
from bench.table import Line, Part, at_least, at_most

SETTLES = 1.5  # seconds until every process has cached the page


@dataclass
class Reader:
    """One kind of reader: their request, and the speed of Belfry and the floor in each round."""

    name: str
    path: str
    headers: dict[str, str]
    size: int = 0
    belfry: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)

    def put_on(self, folder: Path, server: Server) -> None:
        response = server.get(self.path, self.headers)
        floor.put(folder, self.name, response.own_headers, response.body)
        self.size = len(response.body)

    def compare(self, server: Server, bare: Server, seconds: float) -> None:
        ground = load.per_second(bare.url(f"/{self.name}"), seconds=seconds, headers=self.headers)
        self.belfry.append(load.per_second(server.url(self.path), seconds=seconds, headers=self.headers))
        self.ratios.append(self.belfry[-1] / ground)


def measure(forum: Forum, server: Server, folder: Path, rounds: Rounds) -> Part:
    with visits.using(forum):
        path = visits.long_topic().get_absolute_url()
        member_headers = visits.headers(visits.cookies_of(visits.reader()))
        queries = _queries(path)
    guest = Reader("guest", path, visits.headers())
    member = Reader("member", path, member_headers)
    for reader in (guest, member):
        load.per_second(server.url(reader.path), seconds=SETTLES, headers=reader.headers)
        reader.put_on(folder, server)
    with servers.serving_floor(folder) as bare:
        load.per_second(bare.url("/guest"), seconds=SETTLES)
        for _ in rounds.each("Pages against the floor"):
            for reader in (guest, member):
                reader.compare(server, bare, rounds.seconds(3))
    return Part(
        f"A topic page of {guest.size / 1000:.1f} kB (guest, br) and {member.size / 1000:.1f} kB (member, gzip)",
        [
            Line("guest / floor", guest.ratios, at_least(0.5), places=3),
            Line("member / floor", member.ratios, at_least(0.01), places=4),
            Line("guest, requests a second", guest.belfry, places=0),
            Line("member, requests a second", member.belfry, places=0),
            Line("member, queries", [float(queries)], at_most(6), places=0),
        ],
    )


def _queries(path: str) -> int:
    """Returns the queries of a member's page that others have read, once the reader's own read marker is saved."""
    client = visits.browser(visits.reader())
    for _ in range(2):
        client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)
