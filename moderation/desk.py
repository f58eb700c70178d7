"""What staff see of a case: the text as it was reported, what was said about it, what was done."""

from dataclasses import dataclass

from accounts.models import User
from accounts.record import LogEntry
from forum.diffing import Piece, word_diff
from forum.models import Post, Revision
from forum.models.section import Person
from forum.reading import post_acts, topic_acts
from moderation.models import Case, Report

COUNTED_MAX = 99


def open_case_count(user: Person) -> int:
    """How many cases wait for this person, up to 99; asked for the head of every page that staff see."""
    if not user.is_staff:
        return 0
    return Case.objects.visible_to(user).open()[:COUNTED_MAX].count()


@dataclass(frozen=True)
class CaseFile:
    case: Case
    reported: Revision
    reports: list[Report]
    since: list[Piece] | None  # what the author changed since the first report
    earlier_on_post: int
    others_of_author: int
    upheld_of_author: int
    entries: list[LogEntry]
    acts: frozenset[str]


def case_file(case: Case, person: User) -> CaseFile:
    """Everything on the page of a case, in a number of queries that does not grow with its reports."""
    post = case.post
    reported = _revision(post, case.revision)
    of_author = Case.objects.filter(post__author=post.author_id).exclude(pk=case.pk)
    entries = LogEntry.objects.filter(target_kind="post", target_id=post.pk).select_related("by")
    return CaseFile(
        case=case,
        reported=reported,
        # Nobody who reads the page needs to know who they are, so they are not even loaded.
        reports=list(case.reports.defer("reporter")),
        since=None if reported.number == post.version else word_diff(reported.body, post.body),
        earlier_on_post=Case.objects.filter(post=post, pk__lt=case.pk).count(),
        others_of_author=of_author.count(),
        upheld_of_author=of_author.filter(outcome=Case.Outcome.UPHELD).count(),
        entries=list(entries.order_by("pk")),
        acts=post_acts(post, person) | topic_acts(post.topic, person),
    )


def _revision(post: Post, number: int) -> Revision:
    """What the post said in that revision; most posts still say it."""
    if number == post.version:
        return Revision.current(post)
    return post.revisions.select_related("written_by").get(number=number)
