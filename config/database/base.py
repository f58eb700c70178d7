"""`ENGINE: config.database`. A frozen server sends nothing, ignores its own timeouts and keeps its sockets open, so
the client measures the time here and closes the connection."""

import select
from time import monotonic
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.abc import RV, PQGen

from config.database.reconnect import Door
from config.database.request_deadline import at_most, current, deadline

HEALTH_CHECK = 0.8  # seconds, before BELFRY_DEADLINE_FACTOR like all limits here
JUST_NOW = 1.0  # seconds
# Only for web requests. Instead of a page that waits longer than this, "try again" is better.
STATEMENT, LOCK = 2.0, 1.5  # seconds
READ_ONLY_OPTION = " -c default_transaction_read_only=on"
POLL_INTERVAL = 0.1  # seconds, as psycopg does

door = Door()


class Connection(psycopg.Connection):
    """Waits only as long as the request has time left. Then it closes itself, since a late response would belong to no
    request."""

    answered_at = 0.0

    def wait(self, gen: PQGen[RV], interval: float = POLL_INTERVAL, timeout: float | None = None) -> RV:
        result = self._wait(gen, interval, timeout)
        self.answered_at = monotonic()
        return result

    def _wait(self, gen: PQGen[RV], interval: float, timeout: float | None) -> RV:
        patience = current.get()
        if patience is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        began = monotonic()
        try:
            # With no time left nothing is sent: a COMMIT without a response would leave its outcome unknown.
            if patience.left > 0:
                return super().wait(gen, interval, patience.left)
        except psycopg.errors._WaitTimeout:
            pass
        finally:
            patience.left -= monotonic() - began
        self.close()
        raise psycopg.OperationalError("The database did not respond in time.")


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if current.get() is not None:
            options = _request_options() + (READ_ONLY_OPTION if settings.READ_ONLY else "")
            params["options"] = params.get("options", "") + options
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        # Django reads it when it opens a transaction.
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        patience = current.get()
        if patience is None:
            return Connection.connect(**conn_params)
        if patience.left <= 0:
            raise psycopg.OperationalError("There is no time left for a new connection.")
        began = monotonic()
        try:
            return door.open(lambda: Connection.connect(**conn_params))
        finally:
            patience.left -= monotonic() - began

    def is_usable(self) -> bool:
        """Skips the health check, a round trip with each request, if the server responded a moment ago and has sent
        nothing since, such as the message with which it ends a connection."""
        if self.connection.answered_at > monotonic() - JUST_NOW and _is_silent(self.connection):
            return True
        with at_most(deadline(HEALTH_CHECK)):
            return super().is_usable()

    @property
    def is_read_only(self) -> bool:
        """Does the server reject writes now? It reports this with its responses, so that no query is needed."""
        self.ensure_connection()
        report = self.connection.info.parameter_status
        return "on" in (report("default_transaction_read_only"), report("in_hot_standby"))


def _request_options() -> str:
    statement, lock = (round(1000 * deadline(seconds)) for seconds in (STATEMENT, LOCK))
    return f" -c statement_timeout={statement} -c lock_timeout={lock}"


def _is_silent(connection: psycopg.Connection[Any]) -> bool:
    if connection.closed:
        return False
    poller = select.poll()
    poller.register(connection.fileno(), select.POLLIN)
    return not poller.poll(0)
