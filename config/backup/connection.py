"""A connection to Belfry's database without time limits."""

import psycopg
from django.db import connection
from psycopg import pq

# Pages have deadlines, a full copy has none; and a row must read the same on every machine.
SETTINGS = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "lock_timeout": "10s",
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}


def connect() -> psycopg.Connection:
    """Opens a plain psycopg connection: Django's has the deadlines of pages."""
    known_options = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    params = {key: value for key, value in connection.get_connection_params().items() if key in known_options}
    params["options"] = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    return psycopg.connect(**params, autocommit=True)


def lift_deadlines() -> None:
    """Removes the deadline of Django's own connection too: migrations of a large community take long."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
