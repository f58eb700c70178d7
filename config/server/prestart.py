"""What has to stand before a command can work: the database, when Belfry carries it itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from config.embedded_postgres.server import EmbeddedServer, EmbeddedServerError, ensure_running


@contextmanager
def database() -> Iterator[EmbeddedServer | None]:
    """Have a database during this block: DATABASE_URL's, or the embedded one, started if need be."""
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
