"""When the database is away or takes no writes: who notices, and what is answered. Reading goes on where it can."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import kept
from config import watch

Answer = Callable[[HttpRequest], HttpResponse]

RETRY_AFTER = 5  # seconds
READING = ("GET", "HEAD", "OPTIONS")
# No fault of the program: full disks and lost connections are among the first two, a standby's refusal is the last.
OUTAGES = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.ReadOnlySqlTransaction,
)


def is_outage(error: BaseException | None) -> bool:
    """Whether this error, or one that led to it, was the database's being away or read-only."""
    while error is not None:
        if isinstance(error, OUTAGES):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_read_only() -> bool:
    """By choice, or because the database says so."""
    return settings.READ_ONLY or watch.database.is_read_only


def refuse_writing(get_response: Answer) -> Answer:
    """What cannot be written is refused before anything is asked of the database; reading leaves nothing behind."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            response = get_response(request)
            if is_read_only():
                request.session.modified = False  # it would be saved
            return response
        if is_read_only() or not watch.database.is_well:
            return closed(request)
        return get_response(request)

    return answer


def closed(request: HttpRequest) -> HttpResponse:
    """503. Asks no database. A POST gets its text back, with a form that sends it again."""
    if request.method == "POST":
        return kept.refuse(
            request,
            503,
            title="Read-only for a moment" if is_read_only() else "Closed for a moment",
            explanation="The forum can be read but takes nothing new just now."
            if is_read_only()
            else "The forum cannot take this just now. It will be back shortly.",
            retry_after=RETRY_AFTER,
        )
    answer = render(None, "503.html", status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer
