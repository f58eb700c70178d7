"""What staff see of a case: the text as it was reported, what was said about it, what was done."""

from dataclasses import dataclass

from accounts.models import Person
from accounts.record import LogEntry
from forum.diffing import Piece, word_diff
from forum.models import Post, Revision
from forum.quoted import holds_quotes, quotes_in, text_of
from forum.reading import post_acts, topic_acts
from moderation.models import Case, Report

COUNTED_MAX = 99


def open_case_count(person: Person) -> int:
    """How many cases wait for this person, up to 99; asked for the head of every page that staff see."""
    if not person.is_staff:
        return 0
    return Case.objects.visible_to(person).open()[:COUNTED_MAX].count()


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


def case_file(case: Case, person: Person) -> CaseFile:
    """Everything on the page of a case, in a number of queries that does not grow with its reports."""
    post = case.post
    reported = _revision(post, case.revision)
    was, is_now = _without_hidden_quotes(reported, post, person)
    of_author = Case.objects.filter(post__author=post.author_id).exclude(pk=case.pk)
    entries = LogEntry.objects.filter(target_kind="post", target_id=post.pk).select_related("by")
    return CaseFile(
        case=case,
        reported=reported,
        # Nobody who reads the page needs to know who they are, so they are not even loaded.
        reports=list(case.reports.defer("reporter")),
        since=None if reported.number == post.version else word_diff(was, is_now),
        earlier_on_post=Case.objects.filter(post=post, pk__lt=case.pk).count(),
        others_of_author=of_author.count(),
        upheld_of_author=of_author.settled().exclude(outcome=Case.Outcome.NO_BREACH).count(),
        entries=list(entries.order_by("pk")),
        # Who settles the case has no need to report the post, and answers it elsewhere.
        acts=(post_acts(post, person) | topic_acts(post.topic, person)) - {"report", "quote"},
    )


def _without_hidden_quotes(reported: Revision, post: Post, person: Person) -> tuple[str, str]:
    """What was typed for each, as this person may read it; and the quotes stand in their HTML from here on."""
    quotes = quotes_in([text_of(said) for said in (reported, post) if holds_quotes(said.html)], person)
    for said in (reported, post):
        said.html = quotes.fill(text_of(said), said.html)
    return quotes.hide_in(text_of(reported), reported.body), quotes.hide_in(text_of(post), post.body)


def _revision(post: Post, number: int) -> Revision:
    """What the post said in that revision; most posts still say it."""
    if number == post.version:
        return Revision.current(post)
    return post.revisions.select_related("written_by").get(number=number)
