"""Background work after a section’s rule for thanks was switched."""

from procrastinate.contrib.django import app

from forum.thanks import folding


@app.task(name="forum.recount_unread", retry=5)
def recount_unread(section: int) -> None:
    """Two at once do no harm: each batch reads the rule under its locks."""
    for _ in folding.recount_unread(section):
        pass
