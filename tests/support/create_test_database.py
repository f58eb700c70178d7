"""Run as a program of its own: makes the database of the tests in DATA_DIR, and stops its server. Every process that
runs tests copies it: to migrate a database of its own would take each of them as long."""

import os

import django
from django.conf import settings
from django.db import connection

from config.embedded_postgres.server import ensure_running


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    server = ensure_running(settings.POSTGRES_DIR, durable=False)
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    finally:
        server.stop()
    (settings.DATA_DIR / "migrated").touch()


if __name__ == "__main__":
    main()
