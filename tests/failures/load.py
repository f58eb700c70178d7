"""Readers and writers, and a journal of the responses that each got: whatever was acknowledged must be found later."""

import http.client
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

from tests.failures.forum import Forum, Response

PAUSE = 0.03  # seconds between the requests of one client


@dataclass(frozen=True)
class RequestRecord:
    """One request and its outcome. Status 0: no response at all."""

    client_kind: str  # guest, member or writer
    path: str
    began: float
    seconds: float
    status: int
    text_returned: bool = True  # a rejected text


@dataclass
class Load:
    forum: Forum
    told: list[RequestRecord] = field(default_factory=list)
    sent: set[UUID] = field(default_factory=set)
    acknowledged: dict[UUID, float] = field(default_factory=dict)
    is_over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self, *, guests: int, members: int, writers: int) -> None:
        sessions = self.forum.sessions
        clients: list[Callable[[], None]] = [partial(self._read, "guest", "")] * guests
        clients += [partial(self._read, "member", sessions[n % len(sessions)]) for n in range(members)]
        clients += [partial(self._write, n) for n in range(writers)]
        self.threads = [threading.Thread(target=client, daemon=True) for client in clients]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join(timeout=30 * self.forum.stretch)

    def wait_for_write(self, since: float, *, within: float) -> float:
        """Returns the seconds from `since` to the first acknowledged write after it."""
        while time.monotonic() < since + within:
            if found := [at for at in list(self.acknowledged.values()) if at >= since]:
                return min(found) - since
            time.sleep(0.02)
        return float("inf")

    def _read(self, client_kind: str, session: str) -> None:
        while not self.is_over.is_set():
            path = random.choice(self.forum.pages)
            self._record(client_kind, path, partial(self.forum.get, path, session=session))

    def _write(self, number: int) -> None:
        session = self.forum.sessions[number % len(self.forum.sessions)]
        path = f"{self.forum.topics[number % len(self.forum.topics)]}reply/"
        key = uuid4()
        while not self.is_over.is_set():
            text = f"A bell that nobody hears: {key}"
            fields = {"body": text, "submission_key": str(key)}
            self.sent.add(key)
            answer = self._record(
                "writer", path, lambda f=fields: self.forum.post(path, f, session=session), text
            )
            if answer and answer.status == 302:
                self.acknowledged[key] = time.monotonic()
                key = uuid4()  # else the same text again, as its author would send it

    def _record(
        self, client_kind: str, path: str, ask: Callable[[], Response], text: str = ""
    ) -> Response | None:
        began = time.monotonic()
        try:
            answer: Response | None = ask()
        except (OSError, http.client.HTTPException):
            answer = None
        status = answer.status if answer else 0
        refused = answer is not None and status >= 400
        text_returned = not (text and refused) or (
            answer is not None and text in answer.text and 'data-act="send-again"' in answer.text
        )
        self.told.append(
            RequestRecord(client_kind, path, began, time.monotonic() - began, status, text_returned)
        )
        time.sleep(PAUSE)
        return answer
