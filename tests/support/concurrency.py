"""Several people at once, each on a connection of their own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet


def run_concurrently(*calls: Callable[[], Any]) -> list[Any]:
    """Starts every call at the same moment. Returns what each returned or raised, in their order."""
    outcomes: list[Any] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            outcomes[number] = call()
        except Exception as error:  # noqa: BLE001 - an outcome like any other
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def only_errors(outcomes: list[Any]) -> list[Exception]:
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def disable_locks(monkeypatch: pytest.MonkeyPatch, rows: type[QuerySet], *, people: int) -> None:
    """The control of a race: nothing is locked, and so many people have all read the row of this kind, which the act
    would have locked, before any of them goes on."""
    all_have_read = threading.Barrier(people, timeout=120)
    read = rows.locked

    def unlocked(self: QuerySet, pk: int) -> Any:
        row = read(self, pk)
        all_have_read.wait()
        return row

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    for module in ("forum.models.topic", "forum.models.post", "moderation.models.case"):
        monkeypatch.setattr(f"{module}.lock_row", lambda model, pk: None)
    monkeypatch.setattr(rows, "locked", unlocked)
