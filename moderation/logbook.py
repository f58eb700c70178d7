"""The record of moderation as staff read it."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.names import name_key
from accounts.record import LogEntry
from moderation.models import Case

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
    "let_in": "let a text in",
    "refuse_waiting": "refused a waiting text",
    "make_word_rule": "made the word rule",
    "remove_word_rule": "took out the word rule",
    "change_new_member_terms": "changed what holds for new members",
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
    own = Case.objects.filter(post__author=person).values("pk")
    entries = LogEntry.objects.exclude(target_kind="case", target_id__in=own).select_related("by")
    if act:
        entries = entries.filter(act=act)
    if by:
        entries = entries.filter(by__name_key=name_key(by))
    if topic:
        entries = entries.filter(topic_id=topic)
    return entries
