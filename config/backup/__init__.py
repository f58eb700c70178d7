"""A whole community in one file, and back.

A backup is a zip file with a part for each table (what PostgreSQL's COPY says, in the order of the primary key), one
for the attachments, and `manifest.json`, which says what the parts hold. Its comment, the last bytes of the file, is
the sha-256 of all bytes before it: a file that is torn or was changed is known before anything of it is used.

- `saving.py` writes one, `restoring.py` makes a community of it, `verifying.py` looks whether that is the same one;
- `archive.py` is the file, `manifest.py` what it says about itself, `keeping.py` where it lies and for how long;
- `tables.py`, `structure.py`, `migrating.py` and `link.py` speak with PostgreSQL; `pages.py` and `attachments.py` deal
  with the rest.
"""
