"""The record of moderation as staff read it."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.names import name_key
from accounts.record import LogEntry
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
    "unfold": "unfolded thanks",
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
    "uphold": "upheld a case",
    "dismiss": "dismissed a case",
    "make_member": "made somebody a member",
    "make_moderator": "made somebody a moderator",
    "make_admin": "made somebody an admin",
    "remove_picture": "removed somebody’s picture",
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


def entries_for(person: User, *, act: str = "", by: str = "", topic: int | None = None) -> QuerySet[LogEntry]:
    """The entries that this member of staff may see, narrowed to an act, an actor's name, a topic.

    What became of a case about their own post is not among them: an author never learns that somebody reported."""
    own = Case.objects.filter(author=person).values("pk")
    entries = LogEntry.objects.exclude(target_kind="case", target_id__in=own).select_related("by")
    entries = entries.exclude(
        target_kind="report", target_id__in=Report.objects.filter(case__in=own).values("pk")
    )
    if act:
        entries = entries.filter(act=act)
    if by:
        entries = entries.filter(by__name_key=name_key(by))
    if topic:
        entries = entries.filter(topic_id=topic)
    return entries
