"""Backs up a whole community to one file, and restores it.

A backup is a zip file with a part for each table (the output of PostgreSQL's COPY, ordered by primary key), one for
the attachments, and `manifest.json`, which describes the parts. The zip comment, the last bytes of the file, is the
SHA-256 of all bytes before it: a damaged or changed file is rejected before any of it is used.

- `save.py` writes a backup, `restore.py` restores it, `verify.py` compares a community with it;
- `archive.py` is the file, `manifest.py` its description, `retention.py` where backups are kept and for how long;
- `tables.py`, `schema.py`, `migrations.py` and `connection.py` work with PostgreSQL; `guest_pages.py` and
  `attachments.py` handle the rest; `check_*.py` look for damage.
"""
