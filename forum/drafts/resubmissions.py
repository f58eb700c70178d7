"""Recognizes a text that was sent before, or an edit that was saved before. Browsers send forms again after a double
click or a lost response."""

from typing import TypeVar
from uuid import UUID

from accounts.models import User
from core.diffs.merge import merge
from forum.access.errors import AlreadySubmitted
from forum.antispam.submission import Submission
from forum.history.revisions import revision_text
from forum.models import PendingPost, Post, Revision
from forum.polls.polls import PollTerms, terms_of, terms_of_pending

MAX_MERGES = 3  # merges; browsers repeat a form less often
Submitted = TypeVar("Submitted", Post, PendingPost)


def find_resubmission(
    by: User, submission_key: UUID, body: str, title: str = "", poll: PollTerms | None = None
) -> Post | None:
    """Returns the post that the same submission created. Raises AlreadySubmitted if the text differs: the form was
    changed and sent again."""
    posts = Post.objects.select_related("topic").filter(author=by, submission_key=submission_key)
    return _require_same(posts.first(), body, title, poll)


def find_pending_resubmission(submission: Submission) -> PendingPost | None:
    """Returns the pending post that the same submission created, like find_resubmission."""
    pending = PendingPost.objects.filter(author=submission.by, submission_key=submission.submission_key)
    return _require_same(pending.first(), submission.text.body, submission.title, submission.poll)


def _require_same(
    submitted: Submitted | None, body: str, title: str, poll: PollTerms | None
) -> Submitted | None:
    if submitted and not is_same_submission(submitted, body, title, poll):
        raise AlreadySubmitted(submitted)
    return submitted


def is_same_submission(
    submitted: Post | PendingPost, body: str, title: str = "", poll: PollTerms | None = None
) -> bool:
    """Whether `submitted` was sent with this content. `title` and `poll` belong to a new topic."""
    if submitted.original_text != body:
        return False
    if isinstance(submitted, PendingPost):
        return (submitted.title, terms_of_pending(submitted)) == (title, poll)
    # An original post that was merged into another topic has lost its title.
    if not title or not submitted.is_original:
        return True
    return (submitted.topic.original_title, terms_of(submitted.topic)) == (title, poll)


def is_saved_edit(post: Post, *, by: User, body: str, version: int) -> bool:
    """Whether `by` already saved this text, starting from revision `version`. It may have been merged with other
    changes; then the same merge gives the same text."""
    later_revisions = (
        post.revisions.filter(written_by=by, number__gt=version).defer("html").order_by("number")
    )
    revisions = {
        revision.number: revision
        for revision in [*later_revisions, Revision.current(post)]
        if revision.written_by_id == by.pk
    }
    next_revision = revisions.get(version + 1)
    if next_revision and next_revision.merged_from is None and next_revision.body == body:
        return True
    merges = [revision for revision in revisions.values() if revision.merged_from == version]
    return any(_matches(revision, post, by, body) for revision in merges[-MAX_MERGES:])


def _matches(revision: Revision, post: Post, by: User, body: str) -> bool:
    if revision.body == body:
        return True
    base = revision_text(post, revision.merged_from or 0, to=by)
    previous = revision_text(post, revision.number - 1, to=by)
    return base is not None and previous is not None and merge(base, body, previous).text == revision.body
