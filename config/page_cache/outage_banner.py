"""The words that a page wears while the database is away: as of when it is, and that nothing can be posted now."""

from datetime import datetime

from django.template.loader import render_to_string

MARKER = b"<!-- notice -->"  # in templates/base.html


def with_banner(body: bytes, *, as_of: datetime) -> bytes:
    banner = render_to_string("partials/away.html", {"as_of": as_of})
    return body.replace(MARKER, banner.strip().encode(), 1)
