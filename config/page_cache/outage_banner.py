"""The banner on pages during an outage: how old the page is, and that nothing can be posted now."""

from datetime import datetime

from django.template.loader import render_to_string

MARKER = b"<!-- notice -->"  # in templates/base.html


def with_banner(body: bytes, *, as_of: datetime) -> bytes:
    banner = render_to_string("partials/away.html", {"as_of": as_of})
    return body.replace(MARKER, banner.strip().encode(), 1)
