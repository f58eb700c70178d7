"""What people are told of a case, in their inbox and on their own pages of it. Reporters learn what can be seen of the
outcome, and no more; the author learns what was done, why, and how to appeal, and never that somebody reported."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.text import graphemes
from core.web.times import exact
from forum.access.permissions import can_read_topic
from moderation.access.permissions import APPEAL_WITHIN
from moderation.models import Appeal, Case
from notifications.inbox.notify import tell
from notifications.models.notice import NOTICE_MAX

Outcome = Case.Outcome

# A sanction is between its member and staff: whoever reported learns that something was done.
TO_REPORTER = {
    Outcome.NO_BREACH: "They found no breach of the rules, and the post stands. Thank you all the same.",
    Outcome.WARNED: "They agreed with you and have dealt with it. Thank you.",
    Outcome.SUSPENDED: "They agreed with you and have dealt with it. Thank you.",
    Outcome.UPHELD: "They agreed with you and have dealt with it. Thank you.",
    Outcome.EDITED: "They agreed with you: the post was edited. Thank you.",
    Outcome.REMOVED: "They agreed with you: the post was removed. Thank you.",
    Outcome.CLOSED: "They agreed with you: the topic was closed. Thank you.",
}
GRANTED_TO_REPORTER = "It was looked at again, and the decision was changed: the post stands."

TO_AUTHOR = {
    Outcome.NO_BREACH: "It is in order and stands.",
    Outcome.WARNED: "You were warned because of it.",
    Outcome.SUSPENDED: "Your account was suspended because of it.",
    Outcome.UPHELD: "It broke the rules of this community.",
    Outcome.EDITED: "It was edited.",
    Outcome.REMOVED: "It was removed.",
    Outcome.CLOSED: "Its topic was closed.",
}


def to_reporter(case: Case) -> str:
    """Of a settled case."""
    appeal = appeal_of(case)
    if appeal and appeal.is_granted:
        return GRANTED_TO_REPORTER
    return TO_REPORTER[Outcome(case.outcome)]


def to_author(case: Case) -> str:
    words = TO_AUTHOR[Outcome(case.outcome)]
    also = case.outcome != Outcome.REMOVED and "removed" in case.done
    return f"{words} The post was removed." if also else words


def tell_reporters(case: Case) -> None:
    """Each about their own report."""
    for report in case.reports.select_related("reporter"):
        where = place_of(case, report.reporter)
        words = f"Moderators have looked at the post that you reported{where}. {to_reporter(case)}"
        tell(member=report.reporter, text=_fitting(words), url=report.get_absolute_url())


def tell_author(case: Case) -> None:
    """Nothing, where nothing was done that they could have noticed."""
    where = place_of(case, case.author)
    if case.outcome == Outcome.NO_BREACH:
        if case.held_at:
            words = f"Moderators have looked at your post{where}. {to_author(case)}"
            tell(member=case.author, text=_fitting(words), url=case.post.get_absolute_url())
        return
    rule = f" Rule {case.rule}." if case.rule else ""
    words = f"Moderators have looked at your post{where}. {to_author(case)}{rule} Why: {case.reason}"
    until = f" You can appeal once, until {_end_in_zone(case)}."
    tell(member=case.author, text=_fitting(words, until), url=appeal_url(case))


def tell_decision(case: Case, appeal: Appeal) -> None:
    stands = (
        "The decision was undone."
        if appeal.is_granted
        else "Another moderator has looked at it: the decision stands."
    )
    why = f" Why: {appeal.answer}" if appeal.answer else ""
    tell(
        member=case.author,
        text=_fitting(f"About your appeal for your post{place_of(case, case.author)}: {stands}{why}"),
        url=appeal_url(case),
    )
    if appeal.is_granted:
        tell_reporters(case)


def place_of(case: Case, person: User) -> str:
    """Its topic, whose title is for those who may read it: the post may have gone where few do."""
    topic = case.post.topic
    return f" in “{topic.title}”" if can_read_topic(person, topic) else ""


def appeal_of(case: Case) -> Appeal | None:
    return getattr(case, "appeal", None)


def appeal_ends_at(case: Case) -> datetime | None:
    return case.settled_at and case.settled_at + APPEAL_WITHIN


def appeal_url(case: Case) -> str:
    return reverse("moderation:appeal", args=[case.pk])


def _end_in_zone(case: Case) -> str:
    ends_at = appeal_ends_at(case)
    with timezone.override(case.author.zone):
        return exact(ends_at) if ends_at else ""


def _fitting(words: str, last: str = "") -> str:
    """A title and a reason of full length do not fit beside everything; how to appeal always does."""
    room = NOTICE_MAX - len(last)
    return graphemes.shortened(words, room) + last
