"""Background tasks of the forum."""

from procrastinate.contrib.django import app

from forum.antispam import repetition as prints
from forum.attachments import cleanup as sweeping
from forum.posts import rerender as rerendering
from forum.thanks.tasks import recount_unread  # noqa: F401 - found by the worker


@app.periodic(cron="17 3 * * *")
@app.task(name="forum.rerender", queueing_lock="rerender")
def rerender(timestamp: int) -> None:
    """Renders texts again at night after an upgrade of the renderer, in case nobody ran the command."""
    if not (rerendering.outdated_posts() or rerendering.outdated_revisions()):
        return
    rerendering.rerender_descriptions()  # first, because texts without a version would not be found again tomorrow
    for batches in (rerendering.rerender_posts(), rerendering.rerender_revisions()):
        for _ in batches:
            pass


@app.periodic(cron="23 4 * * *")
@app.task(name="forum.delete_unused_attachments", queueing_lock="sweep_attachments")
def delete_unused_attachments(timestamp: int) -> None:
    """Deletes attachments that are used nowhere, and files that a crash left behind."""
    sweeping.delete_unused_attachments()


@app.periodic(cron="47 3 * * *")
@app.task(name="forum.delete_old_fingerprints", queueing_lock="forget_said_texts")
def delete_old_fingerprints(timestamp: int) -> None:
    """Deletes fingerprints of new members’ posts after a day."""
    prints.delete_old()
