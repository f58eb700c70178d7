"""What a command needs before it can run: the database, if it is the embedded one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from config.embedded_postgres.server import EmbeddedServer, EmbeddedServerError, ensure_running


@contextmanager
def database() -> Iterator[EmbeddedServer | None]:
    """Provides a database during this block: that of DATABASE_URL, or the embedded one, started if necessary."""
    try:
        server = None if settings.DATABASE_URL else ensure_running(settings.POSTGRES_DIR)
    except (ImproperlyConfigured, EmbeddedServerError) as error:
        sys.exit(f"Belfry cannot start. {error}")
    try:
        yield server
    finally:
        if server:
            connections.close_all()
            server.stop()
