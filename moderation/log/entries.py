"""The record of moderation as staff read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Person, Rule, User
from accounts.models.log_entry import LogEntry
from core.web.keyset_pagination import ROWS_PER_PAGE, RowsPage
from moderation.models import Case, Report

ACTS = {
    "close": "closed the topic",
    "reopen": "opened the topic again",
    "pin": "pinned the topic",
    "unpin": "took the pin out",
    "retitle": "changed the title",
    "edit": "edited a post",
    "highlight": "highlighted a post",
    "unhighlight": "took a highlight down",
    "remove": "removed a post",
    "restore": "restored a post",
    "leave_to_author": "left a post to its author, who had taken it back",
    "unfold": "unfolded thanks",
    "hide_revision": "hid an earlier revision of a post",
    "show_revision": "showed a hidden revision again",
    "close_by_itself": "had the topic close by itself",
    "unpin_by_itself": "had the pin end by itself",
    "set_timer": "let the topic close by itself later",
    "stop_timer": "stopped the topic from closing by itself",
    "slow_down": "put the topic into slow mode",
    "end_slow_mode": "ended slow mode",
    "remove_topic": "removed the topic",
    "restore_topic": "restored the topic",
    "move_topic": "moved the topic to another section",
    "merge": "merged the topic into another",
    "split": "split posts into a new topic",
    "move_posts": "moved posts to another topic",
    "put_back": "put posts back where they were",
    "fold": "folded thanks again",
    "change_rules": "made a new version of the rules",
    "change_page": "changed a page",
    "settle_no_breach": "found no breach in a case",
    "settle_warned": "settled a case: member warned",
    "settle_edited": "settled a case: post edited",
    "settle_removed": "settled a case: post removed",
    "settle_closed": "settled a case: topic closed",
    "settle_suspended": "settled a case: member suspended",
    "uphold_outcome": "let an outcome stand on appeal",
    "grant_appeal": "granted an appeal",
    "unmask_reporter": "looked up who a reporter is",
    "mute_reporter": "muted the reports of a reporter",
    "unmute_reporter": "took reports of a reporter again",
    "let_in": "let a text in",
    "refuse_waiting": "refused a waiting text",
    "wait_again": "let a refused text wait again",
    "make_word_rule": "made the word rule",
    "remove_word_rule": "took out the word rule",
    "change_new_member_terms": "changed what holds for new members",
    "uphold": "upheld a case",
    "dismiss": "dismissed a case",
    "make_member": "made somebody a member",
    "make_moderator": "made somebody a moderator",
    "make_admin": "made somebody an admin",
    "remove_picture": "removed somebody’s picture",
    "warn_member": "warned",
    "silence_member": "silenced",
    "suspend_member": "suspended",
    "lift_sanction": "lifted a sanction of",
    "remove_everything": "removed everything by",
    "restore_everything": "restored everything by",
    "look_up": "looked up addresses",
    "note_member": "wrote a note about",
    "appoint_moderator": "appointed",
    "make_group": "made the group",
    "rename_group": "renamed the group",
    "delete_group": "deleted the group",
    "add_to_group": "added to a group",
    "take_from_group": "took from a group",
    "make_section": "made the section",
    "change_section": "changed the section",
    "order_sections": "moved the section",
    "archive_section": "archived the section",
    "unarchive_section": "took the section out of the archive",
}


@dataclass(frozen=True)
class Narrowed:
    """What somebody wants to see of the log; what is empty narrows nothing."""

    act: str = ""
    by: str = ""  # the actor's name
    about: str = ""  # the name of the member concerned
    topic: int | None = None
    section: int | None = None
    rule: int | None = None  # its key, which it has in every version
    month: date | None = None  # its first day


def entries_for(person: Person, narrowed: Narrowed | None = None) -> QuerySet[LogEntry]:
    """The entries that this member of staff may see, newest first.

    What became of a case about their own post is not among them: an author never learns that somebody reported. Staff
    of some sections see what was done there."""
    if not person.is_staff:
        return LogEntry.objects.none()
    own = Case.objects.filter(author=person).values("pk")
    entries = LogEntry.objects.exclude(target_kind="case", target_id__in=own)
    of_own = Report.objects.filter(case__in=own).values("pk")
    entries = entries.exclude(target_kind="report", target_id__in=of_own)
    theirs = sections_of(person)
    if theirs is not None:
        entries = entries.filter(section_id__in=theirs)
    for condition in _conditions(narrowed or Narrowed()):
        entries = entries.filter(condition)
    return entries.order_by("-at", "-pk").select_related("by", "member", "rule", "undone_by__by")


def sections_of(person: Person) -> list[int] | None:
    """The sections in which this member of staff is one; None where that is all of Belfry."""
    return person.moderates if person.is_authenticated and person.is_limited else None


def page_of(entries: QuerySet[LogEntry], *, before: int | None) -> RowsPage:
    """A page of what `entries_for` gives, from the entry `before` on. Entries go by their time, and by number where
    that is equal."""
    last = LogEntry.objects.filter(pk=before).first() if before else None
    if last:
        entries = entries.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk), at__lte=last.at)
    found = list(entries[: ROWS_PER_PAGE + 1])
    shown = found[:ROWS_PER_PAGE]
    return RowsPage(shown, shown[-1].pk if len(found) > ROWS_PER_PAGE else None, before is None)


def _conditions(narrowed: Narrowed) -> Iterator[Q]:
    if narrowed.act:
        yield Q(act=narrowed.act)
    if narrowed.by:
        yield Q(by__in=_named(narrowed.by))
    if narrowed.about:
        yield Q(member__in=_named(narrowed.about))
    if narrowed.topic:
        yield Q(topic_id=narrowed.topic)
    if narrowed.section:
        yield Q(section_id=narrowed.section)
    if narrowed.rule:
        yield Q(rule__in=list(Rule.objects.filter(key=narrowed.rule).values_list("pk", flat=True)))
    if narrowed.month:
        begins, ends = bounds_of(narrowed.month)
        yield Q(at__gte=begins, at__lt=ends)


def _named(name: str) -> list[int]:
    """Whose name this is or was; asked first, since the planner knows much of a number and little of a subquery."""
    person = User.objects.by_name_or_email(name) if "@" not in name else None
    return [person.pk] if person else []


def bounds_of(month: date) -> tuple[datetime, datetime]:
    """When a month begins and ends, by the clock of whoever asks."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    zone = timezone.get_current_timezone()
    begins, ends = (datetime.combine(day, time.min, zone) for day in (first, following))
    return begins, ends
