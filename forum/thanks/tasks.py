"""Background work after a section began to fold thanks, or ceased to."""

from procrastinate.contrib.django import app

from forum.thanks import folding


@app.task(name="forum.recount_unread", retry=5)
def count_news_again(section: int) -> None:
    """After its rule for thanks was switched. Two at once do no harm: each batch reads the rule under its locks."""
    for _ in folding.count_again(section):
        pass
