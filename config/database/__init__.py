"""The database engine: Django's for PostgreSQL, with a limit on every wait."""
