"""Replies to different topics by sixteen clients, against a bare INSERT and COMMIT by the same clients."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
from django.db import connection

from bench import load, visits
from bench.forums import Forum, Workspace
from bench.load import KEY, Request
from bench.replaying import BODY, Facts, Script, next_reply, script_for
from bench.rounds import Rounds
from bench.servers import Server, serving
from bench.table import Line, Part, at_least, at_most
from bench.writers import CLIENTS, per_second

UNLIMITED = "bench.unlimited:application"
TOPICS_EACH = 10
BARE_TABLE = "CREATE TABLE bare (id bigserial PRIMARY KEY, topic_id bigint, author_id bigint, body text)"
BARE_INSERT = "INSERT INTO bare (topic_id, author_id, body) VALUES (%s, %s, %s)"


@dataclass(frozen=True)
class Cast:
    """Who writes where: each client has its own topics, all in one section."""

    dsn: str
    topics: list[int]
    members: list[int]

    def topics_of(self, client: int) -> list[int]:
        return self.topics[client::CLIENTS]

    def members_of(self, client: int) -> list[int]:
        return self.members[client::CLIENTS]

    def connect(self) -> "psycopg.Connection[Any]":
        """Connects as Belfry does: statements are planned once, and sent apart from their parameters."""
        return psycopg.connect(self.dsn)


@dataclass(frozen=True)
class BareInserts:
    cast: Cast

    def client(self, number: int) -> Callable[[], None]:
        link = self.cast.connect()
        pairs = _in_turn(self.cast, number)

        def act() -> None:
            link.execute(BARE_INSERT, [*next(pairs), BODY])
            link.commit()

        return act


@dataclass(frozen=True)
class Statements:
    """The database statements of a reply."""

    cast: Cast
    script: Script

    def client(self, number: int) -> Callable[[], None]:
        link = self.cast.connect()
        cursor = link.cursor()
        pairs = _in_turn(self.cast, number)
        facts = {topic: self._facts(link, topic) for topic in self.cast.topics_of(number)}
        link.commit()

        def act() -> None:
            topic, author = next(pairs)
            facts[topic] = next_reply(facts[topic], author)
            self.script.run(cursor, facts[topic])
            link.commit()

        return act

    def _facts(self, link: "psycopg.Connection[Any]", topic: int) -> Facts:
        query = "SELECT last_position, reply_count, last_post_at FROM forum_topic WHERE id = %s"
        found = link.execute(query, [topic]).fetchone()
        assert found is not None
        position, reply_count, at = found
        return Facts(topic, 0, position, reply_count, uuid4(), at)


@dataclass(frozen=True)
class Acts:
    """The whole action, `create_reply`, in this process."""

    cast: Cast
    forum: Forum

    def client(self, number: int) -> Callable[[], None]:
        from accounts.models import User
        from bench.unlimited import lift_limit
        from forum.models import Topic
        from forum.posts import create as posts_create

        lift_limit()
        connection.settings_dict["NAME"] = self.forum.database
        topics = Topic.objects.in_bulk(self.cast.topics_of(number))
        members = User.objects.in_bulk(self.cast.members_of(number))
        pairs = _in_turn(self.cast, number)

        def act() -> None:
            topic, author = next(pairs)
            posts_create.create_reply(
                topic=topics[topic], by=members[author], body=BODY, submission_key=uuid4()
            )

        return act


def _in_turn(cast: Cast, client: int) -> "itertools.cycle[tuple[int, int]]":
    topics, members = cast.topics_of(client), cast.members_of(client)
    number = len(topics) * len(members)
    pairs = zip(itertools.cycle(topics), itertools.cycle(members), strict=False)
    return itertools.cycle(itertools.islice(pairs, number))


def measure(workspace: Workspace, small: Forum, rounds: Rounds) -> Part:
    with workspace.copy_of(small) as forum, serving(forum.environment, UNLIMITED) as server:
        with visits.using(forum), connection.cursor() as cursor:
            cursor.execute(BARE_TABLE)
            cast, script, requests = _prepare(workspace, forum)
        kinds: dict[str, Callable[[float], float]] = {
            "the statements of a reply": partial(_write, Statements(cast, script)),
            "the act, create_reply": partial(_write, Acts(cast, forum)),
            "through HTTP": partial(_through_http, server, requests),
        }
        ratios: dict[str, list[float]] = {kind: [] for kind in kinds}
        rates: dict[str, list[float]] = {kind: [] for kind in kinds}
        bare_rates, alone = [], []
        _through_http(server, requests, 1)  # so that its threads are connected and have loaded what they need
        for _ in rounds.each("Replies"):
            for kind, run in kinds.items():
                bare_rates.append(per_second(BareInserts(cast), seconds=rounds.seconds(2)))
                rates[kind].append(run(rounds.seconds(2)))
                ratios[kind].append(rates[kind][-1] / bare_rates[-1])
            alone.append(_one_by_one(server, requests, rounds.times(100)))
    return Part(
        f"Replies to different topics by {CLIENTS} clients, against a bare INSERT + COMMIT by the same",
        [
            Line(f"{kind} / bare", found, at_least(0.4) if number == 0 else None)
            for number, (kind, found) in enumerate(ratios.items())
        ]
        + [
            Line("bare, a second", bare_rates, places=0),
            *(Line(f"{kind}, a second", found, places=0) for kind, found in rates.items()),
            Line("a durable reply in the server, one at a time, ms", alone, at_most(10), places=1),
        ],
    )


def _prepare(workspace: Workspace, forum: Forum) -> tuple[Cast, Script, list[Request]]:
    from accounts.models import User
    from forum.models import Topic

    section = visits.largest_section()
    open_topics = section.topics.filter(closure=None).order_by("-pk")
    topics = list(open_topics[: CLIENTS * TOPICS_EACH])
    members = list(User.objects.filter(role="member", email__endswith="@grown.example.org").order_by("pk"))
    script = script_for(topics, members)
    cast = Cast(workspace.server.dsn(forum.database), [t.pk for t in topics], [m.pk for m in members])
    cookies = [visits.cookies_of(member) for member in members[: len(topics)]]
    body = f"csrfmiddlewaretoken={visits.TOKEN}&submission_key={KEY}&body={quote(BODY)}"
    by_pk = Topic.objects.in_bulk(cast.topics)
    requests = [
        Request(by_pk[pk].url_for("reply"), cookie, body)
        for pk, cookie in zip(cast.topics, itertools.cycle(cookies), strict=False)
    ]
    return cast, script, requests


def _write(work: Any, seconds: float) -> float:
    return per_second(work, seconds=seconds)


def _through_http(server: Server, requests: list[Request], seconds: float) -> float:
    return load.per_second_of(requests, server.url("/"), seconds=seconds, connections=CLIENTS)


def _one_by_one(server: Server, requests: list[Request], times: int) -> float:
    """Returns the milliseconds until a reply is acknowledged with no other requests: the median."""
    durations = []
    for request in itertools.islice(itertools.cycle(requests), times):
        headers = {"Cookie": request.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        began = perf_counter()
        response = server.ask("POST", request.path, headers, request.body.replace(KEY, str(uuid4())))
        durations.append(1000 * (perf_counter() - began))
        assert response.status == 302, response
    return median(durations)
