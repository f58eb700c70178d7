"""What the log says about each action: its name in the filter, and the sentence of an entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models.log_entry import LogEntry

# The names of actions, for filters and for lists that show the person separately.
ACTION_NAMES = {
    "close": _("closed the topic"),
    "reopen": _("reopened the topic"),
    "pin": _("pinned the topic"),
    "unpin": _("unpinned the topic"),
    "retitle": _("edited the title"),
    "edit": _("edited a post"),
    "highlight": _("highlighted a post"),
    "unhighlight": _("removed a highlight"),
    "remove": _("removed a post"),
    "restore": _("restored a post"),
    "leave_to_author": _("returned a deleted post to its author"),
    "unfold": _("set a thank-you reply to always show"),
    "hide_revision": _("hid a revision of a post"),
    "show_revision": _("restored a hidden revision"),
    "close_by_itself": _("auto-closed the topic"),
    "unpin_by_itself": _("auto-unpinned the topic"),
    "set_timer": _("set auto-close"),
    "stop_timer": _("cancelled auto-close"),
    "slow_down": _("turned on slow mode"),
    "end_slow_mode": _("turned off slow mode"),
    "remove_topic": _("removed the topic"),
    "restore_topic": _("restored the topic"),
    "move_topic": _("moved the topic to another section"),
    "merge": _("merged the topic into another"),
    "split": _("split posts into a new topic"),
    "move_posts": _("moved posts to another topic"),
    "put_back": _("moved posts back"),
    "fold": _("collapsed a thank-you reply again"),
    "change_rules": _("published new rules"),
    "change_page": _("edited a page"),
    "settle_no_breach": _("resolved a case: no violation"),
    "settle_warned": _("resolved a case: member warned"),
    "settle_edited": _("resolved a case: post edited"),
    "settle_removed": _("resolved a case: post removed"),
    "settle_closed": _("resolved a case: topic closed"),
    "settle_suspended": _("resolved a case: member suspended"),
    "uphold_outcome": _("upheld a decision on appeal"),
    "grant_appeal": _("granted an appeal"),
    "unmask_reporter": _("revealed a reporter"),
    "mute_reporter": _("muted a reporter"),
    "unmute_reporter": _("unmuted a reporter"),
    "let_in": _("approved a post"),
    "refuse_waiting": _("rejected a pending post"),
    "wait_again": _("returned a rejected post to pending"),
    "make_word_rule": _("added a watched word"),
    "remove_word_rule": _("removed a watched word"),
    "change_new_member_terms": _("changed the new-member limits"),
    "uphold": _("upheld a case"),
    "dismiss": _("dismissed a case"),
    "make_member": _("changed a role to member"),
    "make_moderator": _("changed a role to moderator"),
    "make_admin": _("changed a role to admin"),
    "remove_picture": _("removed a profile picture"),
    "warn_member": _("warned a member"),
    "silence_member": _("silenced a member"),
    "suspend_member": _("suspended a member"),
    "lift_sanction": _("lifted a sanction"),
    "remove_everything": _("removed all posts by a member"),
    "restore_everything": _("restored all posts by a member"),
    "look_up": _("looked up IP addresses or emails"),
    "note_member": _("added a note about a member"),
    "appoint_moderator": _("appointed a moderator"),
    "make_group": _("created a group"),
    "rename_group": _("renamed a group"),
    "delete_group": _("deleted a group"),
    "add_to_group": _("added a member to a group"),
    "take_from_group": _("removed a member from a group"),
    "make_section": _("created a section"),
    "change_section": _("edited a section"),
    "order_sections": _("reordered sections"),
    "archive_section": _("archived a section"),
    "unarchive_section": _("unarchived a section"),
}

# The sentence of an entry. `by` is the person who did it; `target` the title or name of what it was done to: for a post
# or a case, the title of its topic.
SENTENCES = {
    "close": _("%(by)s closed the topic %(target)s"),
    "reopen": _("%(by)s reopened the topic %(target)s"),
    "pin": _("%(by)s pinned the topic %(target)s"),
    "unpin": _("%(by)s unpinned the topic %(target)s"),
    "retitle": _("%(by)s edited the title of %(target)s"),
    "edit": _("%(by)s edited a post in %(target)s"),
    "highlight": _("%(by)s highlighted a post in %(target)s"),
    "unhighlight": _("%(by)s removed a highlight in %(target)s"),
    "remove": _("%(by)s removed a post in %(target)s"),
    "restore": _("%(by)s restored a post in %(target)s"),
    "leave_to_author": _("%(by)s returned a deleted post to its author in %(target)s"),
    "unfold": _("%(by)s set a thank-you reply in %(target)s to always show"),
    "hide_revision": _("%(by)s hid a revision of a post in %(target)s"),
    "show_revision": _("%(by)s restored a hidden revision of a post in %(target)s"),
    "close_by_itself": _("The topic %(target)s closed automatically, as set by %(by)s"),
    "unpin_by_itself": _("The pin of the topic %(target)s expired, as set by %(by)s"),
    "set_timer": _("%(by)s set the topic %(target)s to close automatically"),
    "stop_timer": _("%(by)s cancelled auto-close of the topic %(target)s"),
    "slow_down": _("%(by)s turned on slow mode in %(target)s"),
    "end_slow_mode": _("%(by)s turned off slow mode in %(target)s"),
    "remove_topic": _("%(by)s removed the topic %(target)s"),
    "restore_topic": _("%(by)s restored the topic %(target)s"),
    "move_topic": _("%(by)s moved the topic %(target)s to another section"),
    "merge": _("%(by)s merged the topic %(target)s into another"),
    "split": _("%(by)s split posts of %(target)s into a new topic"),
    "move_posts": _("%(by)s moved posts of %(target)s to another topic"),
    "put_back": _("%(by)s moved posts back to %(target)s"),
    "fold": _("%(by)s collapsed a thank-you reply in %(target)s again"),
    "change_rules": _("%(by)s published new rules: %(target)s"),
    "change_page": _("%(by)s edited the page %(target)s"),
    "settle_no_breach": _("%(by)s resolved a case in %(target)s: no violation"),
    "settle_warned": _("%(by)s resolved a case in %(target)s: member warned"),
    "settle_edited": _("%(by)s resolved a case in %(target)s: post edited"),
    "settle_removed": _("%(by)s resolved a case in %(target)s: post removed"),
    "settle_closed": _("%(by)s resolved a case in %(target)s: topic closed"),
    "settle_suspended": _("%(by)s resolved a case in %(target)s: member suspended"),
    "uphold_outcome": _("%(by)s upheld a decision on appeal in %(target)s"),
    "grant_appeal": _("%(by)s granted an appeal in %(target)s"),
    "unmask_reporter": _("%(by)s revealed %(target)s"),
    "mute_reporter": _("%(by)s muted %(target)s"),
    "unmute_reporter": _("%(by)s unmuted %(target)s"),
    "let_in": _("%(by)s approved a post in %(target)s"),
    "refuse_waiting": _("%(by)s rejected a pending post in %(target)s"),
    "wait_again": _("%(by)s returned a rejected post in %(target)s to pending"),
    "make_word_rule": _("%(by)s added the watched word %(target)s"),
    "remove_word_rule": _("%(by)s removed the watched word %(target)s"),
    "change_new_member_terms": _("%(by)s changed the limits for %(target)s"),
    "uphold": _("%(by)s upheld a case in %(target)s"),
    "dismiss": _("%(by)s dismissed a case in %(target)s"),
    "make_member": _("%(by)s changed the role of %(target)s to member"),
    "make_moderator": _("%(by)s changed the role of %(target)s to moderator"),
    "make_admin": _("%(by)s changed the role of %(target)s to admin"),
    "remove_picture": _("%(by)s removed the profile picture of %(target)s"),
    "warn_member": _("%(by)s warned %(target)s"),
    "silence_member": _("%(by)s silenced %(target)s"),
    "suspend_member": _("%(by)s suspended %(target)s"),
    "lift_sanction": _("%(by)s lifted a sanction of %(target)s"),
    "remove_everything": _("%(by)s removed all posts by %(target)s"),
    "restore_everything": _("%(by)s restored all posts by %(target)s"),
    "look_up": _("%(by)s looked up the IP addresses and email of %(target)s"),
    "note_member": _("%(by)s added a note about %(target)s"),
    "appoint_moderator": _("%(by)s appointed a moderator: %(target)s"),
    "make_group": _("%(by)s created the group %(target)s"),
    "rename_group": _("%(by)s renamed a group to %(target)s"),
    "delete_group": _("%(by)s deleted the group %(target)s"),
    "add_to_group": _("%(by)s added a member to a group: %(target)s"),
    "take_from_group": _("%(by)s removed a member from a group: %(target)s"),
    "make_section": _("%(by)s created the section %(target)s"),
    "change_section": _("%(by)s edited the section %(target)s"),
    "order_sections": _("%(by)s moved the section %(target)s"),
    "archive_section": _("%(by)s archived the section %(target)s"),
    "unarchive_section": _("%(by)s unarchived the section %(target)s"),
}
# The sentences of entries that name no target.
WITHOUT_TARGET = {"look_up": _("%(by)s looked up an IP address or email")}
UNKNOWN = _("%(by)s did “%(act)s”: %(target)s")  # an action of a newer version of Belfry

PLACEHOLDER = re.compile(r"%\((by|target|act)\)s")


@dataclass(frozen=True)
class Part:
    """A part of a sentence. `kind` is "by", "target", or "" for the text between the names."""

    kind: str
    text: str


def sentence_parts(entry: LogEntry) -> Iterator[Part]:
    """Yields the sentence of an entry in parts, so that a template can link the names, in whatever order a translation
    has them."""
    sentence = SENTENCES.get(entry.act, UNKNOWN)
    if not entry.target_name:
        sentence = WITHOUT_TARGET.get(entry.act, sentence)
    names = {"by": entry.by.name, "target": entry.target_name or f"#{entry.target_id}", "act": entry.act}
    for index, piece in enumerate(PLACEHOLDER.split(str(sentence))):
        if index % 2 and piece != "act":
            yield Part(piece, names[piece])
        elif piece:
            yield Part("", names[piece] if index % 2 else piece)
