"""Notifications about cases, and the sentences on the pages of reporters and authors.

Reporters learn only what can be seen of the outcome. Authors learn what was done, why and how to appeal, but never that
someone reported them."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from core.text import graphemes
from core.web.times import format_time
from forum.access.permissions import can_read_topic
from moderation.models import Appeal, Case
from moderation.models.appeal import APPEAL_PERIOD
from notifications.inbox.notify import notify
from notifications.models.notice import TEXT_MAX

Outcome = Case.Outcome

# A sanction is between the member and staff: reporters learn only that action was taken.
ACTION_TAKEN = gettext_lazy("Moderators took action. Thank you for reporting.")
OUTCOMES_FOR_REPORTER = {
    Outcome.NO_VIOLATION: gettext_lazy("It doesn’t break the rules. Thank you for reporting."),
    Outcome.WARNED: ACTION_TAKEN,
    Outcome.SUSPENDED: ACTION_TAKEN,
    Outcome.UPHELD: ACTION_TAKEN,
    Outcome.EDITED: gettext_lazy("The post was edited. Thank you for reporting."),
    Outcome.REMOVED: gettext_lazy("The post was removed. Thank you for reporting."),
    Outcome.CLOSED: gettext_lazy("The topic was closed. Thank you for reporting."),
}
REVERSED_FOR_REPORTER = gettext_lazy("After another review, the decision was reversed.")

OUTCOMES_FOR_AUTHOR = {
    Outcome.NO_VIOLATION: gettext_lazy("It doesn’t break the rules."),
    Outcome.WARNED: gettext_lazy("You received a warning."),
    Outcome.SUSPENDED: gettext_lazy("Your account was suspended."),
    Outcome.UPHELD: gettext_lazy("It broke the community rules."),
    Outcome.EDITED: gettext_lazy("It was edited."),
    Outcome.REMOVED: gettext_lazy("It was removed."),
    Outcome.CLOSED: gettext_lazy("Its topic was closed."),
}


def outcome_for_reporter(case: Case) -> str:
    """Returns the outcome of a resolved case, worded for its reporters."""
    appeal = appeal_of(case)
    if appeal and appeal.is_granted:
        return str(REVERSED_FOR_REPORTER)
    return str(OUTCOMES_FOR_REPORTER[Outcome(case.outcome)])


def outcome_for_author(case: Case) -> str:
    """Returns the outcome of a resolved case, worded for the author."""
    outcome = str(OUTCOMES_FOR_AUTHOR[Outcome(case.outcome)])
    is_also_removed = case.outcome != Outcome.REMOVED and "removed" in case.done
    return _sentences(outcome, _("The post was removed.") if is_also_removed else "")


def notify_reporters(case: Case) -> None:
    """Notifies each reporter about their own report."""
    for report in case.reports.select_related("reporter"):
        reviewed = _("Moderators reviewed the post you reported.")
        if title := readable_title(case, report.reporter):
            reviewed = _("Moderators reviewed the post you reported in “%(topic)s”.") % {"topic": title}
        message = _sentences(reviewed, outcome_for_reporter(case))
        notify(member=report.reporter, text=_shortened(message), url=report.get_absolute_url())


def notify_author(case: Case) -> None:
    """Notifies the author, unless nothing was done that they could have noticed."""
    reviewed = _("Moderators reviewed your post.")
    if title := readable_title(case, case.author):
        reviewed = _("Moderators reviewed your post in “%(topic)s”.") % {"topic": title}
    if case.outcome == Outcome.NO_VIOLATION:
        if case.auto_hidden_at:
            message = _sentences(reviewed, outcome_for_author(case))
            notify(member=case.author, text=_shortened(message), url=case.post.get_absolute_url())
        return
    message = _sentences(
        reviewed,
        outcome_for_author(case),
        _("Rule %(rule)s.") % {"rule": case.rule} if case.rule else "",
        _("Reason: %(reason)s") % {"reason": case.reason},
    )
    deadline = _("You can appeal once, until %(time)s.") % {"time": _deadline_in_zone(case)}
    notify(member=case.author, text=_shortened(message, deadline), url=appeal_url(case))


def notify_of_decision(case: Case, appeal: Appeal) -> None:
    """Notifies the author of the decision about their appeal, and the reporters if it reverses the outcome."""
    if appeal.is_granted:
        decision = _("Your appeal was granted, and the decision was reversed.")
        if title := readable_title(case, case.author):
            decision = _(
                "Your appeal about your post in “%(topic)s” was granted, and the decision was reversed."
            ) % {"topic": title}
    else:
        decision = _("A moderator reviewed your appeal and upheld the decision.")
        if title := readable_title(case, case.author):
            decision = _(
                "A moderator reviewed your appeal about your post in “%(topic)s” and upheld the decision."
            ) % {"topic": title}
    reason = _("Reason: %(reason)s") % {"reason": appeal.answer} if appeal.answer else ""
    notify(member=case.author, text=_shortened(_sentences(decision, reason)), url=appeal_url(case))
    if appeal.is_granted:
        notify_reporters(case)


def readable_title(case: Case, person: User) -> str:
    """Returns the title of the topic, or "" if this person cannot read it, since the post may have been moved."""
    topic = case.post.topic
    return topic.title if can_read_topic(person, topic) else ""


def appeal_of(case: Case) -> Appeal | None:
    return getattr(case, "appeal", None)


def appeal_ends_at(case: Case) -> datetime | None:
    return case.resolved_at and case.resolved_at + APPEAL_PERIOD


def appeal_url(case: Case) -> str:
    return reverse("moderation:appeal", args=[case.pk])


def _deadline_in_zone(case: Case) -> str:
    ends_at = appeal_ends_at(case)
    with timezone.override(case.author.zone):
        return format_time(ends_at) if ends_at else ""


def _sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _shortened(message: str, last: str = "") -> str:
    """Shortens `message` so that `last`, which says how to appeal, always fits into the notification."""
    last = f" {last}" if last else ""
    return graphemes.truncate_with_ellipsis(message, TEXT_MAX - len(last)) + last
