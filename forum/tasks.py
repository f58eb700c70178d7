"""Background tasks of the forum."""

from procrastinate.contrib.django import app

from forum.antispam.repetition import delete_old
from forum.attachments import cleanup
from forum.posts.rerender import (
    outdated_posts,
    outdated_revisions,
    rerender_descriptions,
    rerender_posts,
    rerender_revisions,
)
from forum.search_index.reindex import reindex
from forum.thanks.tasks import recount_unread  # noqa: F401 - found by the worker


@app.periodic(cron="17 3 * * *")
@app.task(name="forum.rerender", queueing_lock="rerender")
def rerender(timestamp: int) -> None:
    """Renders texts again at night after an upgrade of the renderer, in case nobody ran the command."""
    if not (outdated_posts() or outdated_revisions()):
        return
    rerender_descriptions()  # first, because texts without a version would not be found again tomorrow
    for batches in (rerender_posts(), rerender_revisions()):
        for _ in batches:
            pass


@app.periodic(cron="37 3 * * *")
@app.task(name="forum.reindex", queueing_lock="reindex")
def reindex_outdated(timestamp: int) -> None:
    """Writes outdated entries of the search index again at night, in case nobody ran the command."""
    for _ in reindex():
        pass


@app.periodic(cron="23 4 * * *")
@app.task(name="forum.delete_unused_attachments", queueing_lock="sweep_attachments")
def delete_unused_attachments(timestamp: int) -> None:
    """Deletes attachments that are used nowhere, and files that a crash left behind."""
    cleanup.delete_unused_attachments()


@app.periodic(cron="47 3 * * *")
@app.task(name="forum.delete_old_fingerprints", queueing_lock="forget_said_texts")
def delete_old_fingerprints(timestamp: int) -> None:
    """Deletes fingerprints of new members’ posts after a day."""
    delete_old()
