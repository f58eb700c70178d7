"""Who may do what, a sentence each. Pure: they ask the person and the thing they are given, and nothing else.

The list rules, Section / Topic / Post.objects.visible_to, stand beside their models; a test compares the two.
"""

from accounts.models import Person, is_member
from forum.models import Attachment, Post, Section, SectionGrant, Topic, WaitingPost


def is_staff_in(person: Person, section: Section) -> bool:
    """A moderator limited to other sections is an ordinary member here."""
    return person.is_authenticated and person.is_staff and person.moderates_section(section.pk)


def may_speak(person: Person) -> bool:
    """Writing anything that others can read, thanks and votes among it."""
    return is_member(person) and not person.is_silenced


def _is_among(person: Person, audience: str, section: Section, act: str) -> bool:
    """Does this person belong to the audience that a section names for an act?"""
    if audience == Section.Audience.EVERYONE or is_staff_in(person, section):
        return True
    if not is_member(person) or audience == Section.Audience.STAFF:
        return False
    return audience == Section.Audience.MEMBERS or section.grants_to(person, act)


def can_read(person: Person, section: Section) -> bool:
    return _is_among(person, section.read_by, section, SectionGrant.Act.READ)


def can_read_topic(person: Person, topic: Topic) -> bool:
    """A removed topic is for staff; one that was merged into another is not there any more, and leads to the other."""
    if topic.is_merged or not can_read(person, topic.section):
        return False
    return not topic.is_removed or is_staff_in(person, topic.section)


def can_start_topic(person: Person, section: Section) -> bool:
    return (
        may_speak(person)
        and not section.is_archived
        and can_read(person, section)
        and _is_among(person, section.start_by, section, SectionGrant.Act.START)
    )


def can_answer_in(person: Person, section: Section) -> bool:
    """Would this person be let answer here, if the topic were open?"""
    return (
        may_speak(person)
        and not section.is_archived
        and can_read(person, section)
        and _is_among(person, section.reply_by, section, SectionGrant.Act.REPLY)
    )


def can_reply(person: Person, topic: Topic) -> bool:
    return can_answer_in(person, topic.section) and not topic.is_closed and topic.stands


def can_vote(person: Person, original: Post) -> bool:
    """Voting in the poll of an original post and taking it back: whoever may answer, while the post stands. For how
    long, the poll itself says."""
    return can_reply(person, original.topic) and not original.is_removed


def can_quote(person: Person, post: Post) -> bool:
    """In an answer in its topic; a post of anywhere may be quoted by whoever may read it."""
    return not post.is_removed and can_reply(person, post.topic)


def can_read_text(person: Person, post: Post) -> bool:
    """A removed post's text is for staff and for its author."""
    if not can_read_topic(person, post.topic):
        return False
    return not post.is_removed or is_staff_in(person, post.topic.section) or _wrote(person, post)


def can_see_attachment(person: Person, attachment: Attachment) -> bool:
    """Whoever may read its post; before there is one, its owner, and staff who decide about it."""
    if attachment.post is None and attachment.waits_with and can_see_waiting(person, attachment.waits_with):
        return True
    if attachment.post is None:
        return is_member(person) and attachment.owner_id == person.pk
    if attachment.is_withheld:
        return can_read_hidden(person, attachment.post)
    return can_read_text(person, attachment.post)


def wrote_waiting(person: Person, waiting: WaitingPost) -> bool:
    return is_member(person) and waiting.author_id == person.pk


def can_see_waiting(person: Person, waiting: WaitingPost) -> bool:
    """A text that waits, or has waited, for approval: its writer and staff."""
    return wrote_waiting(person, waiting) or is_staff_in(person, waiting.stands_in)


def can_read_place(person: Person, waiting: WaitingPost) -> bool:
    """Where it would stand: its writer may have been shut out of there since."""
    if waiting.topic:
        return can_read_topic(person, waiting.topic)
    return can_read(person, waiting.section)


def can_settle_waiting(person: Person, waiting: WaitingPost) -> bool:
    """Letting in and refusing: staff, but nobody their own."""
    return is_staff_in(person, waiting.stands_in) and not wrote_waiting(person, waiting)


def can_read_history(person: Person, post: Post) -> bool:
    return can_read_text(person, post) and reads_histories(person, post.topic.section, of=post.author_id)


def reads_histories(person: Person, section: Section, *, of: int) -> bool:
    """May this person read what that member's posts said before, where they may read the posts? One's own always: else
    nobody could see what staff changed in their words."""
    if section.history_by == Section.HistoryAudience.EVERYONE or is_staff_in(person, section):
        return True
    return is_member(person) and (section.history_by == Section.HistoryAudience.MEMBERS or person.pk == of)


def can_read_hidden(person: Person, post: Post) -> bool:
    """A revision that staff hid, whoever wrote it."""
    return is_staff_in(person, post.topic.section) and can_read_text(person, post)


def can_hide_revision(person: Person, post: Post) -> bool:
    """And show it again."""
    return can_read_hidden(person, post)


def can_edit(person: Person, post: Post) -> bool:
    """Authors, while the topic is open and the post stands; staff always."""
    if not may_speak(person) or not can_read_topic(person, post.topic):
        return False
    if is_staff_in(person, post.topic.section):
        return True
    return (
        _wrote(person, post)
        and not post.is_removed
        and not post.topic.is_closed
        and not post.topic.section.is_archived
    )


def edit_needs_reason(person: Person, post: Post) -> bool:
    """What staff do to another's words, or to words that are closed for everybody else, they explain."""
    return not _wrote(person, post) or post.topic.is_closed


def can_retitle(person: Person, topic: Topic) -> bool:
    if not may_speak(person) or not can_read_topic(person, topic):
        return False
    if is_staff_in(person, topic.section):
        return True
    return topic.started_by_id == person.pk and not topic.is_closed and not topic.section.is_archived


def retitle_needs_reason(person: Person, topic: Topic) -> bool:
    return topic.started_by_id != person.pk or topic.is_closed


def can_report(person: Person, post: Post) -> bool:
    """Others' posts that stand; and what is held by now, since whoever reports it had read it before."""
    if not is_member(person) or _wrote(person, post) or not can_read_topic(person, post.topic):
        return False
    return not post.is_removed or post.is_held


def can_thank(person: Person, post: Post) -> bool:
    """Thanking and taking it back: in closed topics too, for others' posts that stand."""
    return (
        may_speak(person)
        and not _wrote(person, post)
        and not post.is_removed
        and not post.topic.section.is_archived
        and can_read_topic(person, post.topic)
    )


def can_unfold(person: Person, post: Post) -> bool:
    """Its author and staff say that a post is more than thanks."""
    if not may_speak(person) or post.is_removed or not can_read_topic(person, post.topic):
        return False
    return is_staff_in(person, post.topic.section) or _wrote(person, post)


def can_save(person: Person, post: Post) -> bool:
    return is_member(person) and can_read_text(person, post)


def can_highlight(person: Person, post: Post) -> bool:
    return is_staff_in(person, post.topic.section) and not post.is_removed


def can_unhighlight(person: Person, post: Post) -> bool:
    return is_staff_in(person, post.topic.section)


def can_close(person: Person, topic: Topic) -> bool:
    """Closing and reopening, at once or at a time to come; and slow mode."""
    return _manages(person, topic)


def can_pin(person: Person, topic: Topic) -> bool:
    return _manages(person, topic)


def can_remove_topic(person: Person, topic: Topic) -> bool:
    """A whole topic: staff; and authors their own, while nobody has replied."""
    return _manages(person, topic) or may_take_topic_back(person, topic)


def may_take_topic_back(person: Person, topic: Topic) -> bool:
    """As for a post, while the topic is open. A reply that was removed since counts too: it can be restored."""
    return (
        is_member(person)
        and topic.started_by_id == person.pk
        and can_read_topic(person, topic)
        and not topic.is_removed
        and not topic.was_replied_to
        and not topic.is_closed
        and not topic.section.is_archived
    )


def can_restore_topic(person: Person, topic: Topic) -> bool:
    """Staff; and authors what they removed themselves."""
    if not topic.is_removed or _manages(person, topic):
        return topic.is_removed
    return (
        may_speak(person)
        and topic.started_by_id == person.pk == topic.removal.removed_by_id
        and can_read(person, topic.section)
        and not topic.is_merged
        and not topic.is_closed
        and not topic.section.is_archived
    )


def can_move(person: Person, topic: Topic) -> bool:
    """Out of its section, as a whole; and posts out of it. Where to, can_move_into says."""
    return _manages(person, topic) and topic.stands


def can_move_into(person: Person, section: Section) -> bool:
    """Whoever moves something is staff at both ends."""
    return is_staff_in(person, section) and not section.is_archived


def can_read_staff_replies(person: Person, topic: Topic) -> bool:
    """And write them, in whatever state the topic is."""
    return _manages(person, topic)


def _manages(person: Person, topic: Topic) -> bool:
    return is_staff_in(person, topic.section) and not topic.is_merged


def can_remove(person: Person, post: Post) -> bool:
    """Staff, also what is held; and authors their own answers, while the topic is open. An original post carries its
    topic."""
    if not is_member(person) or not can_read_topic(person, post.topic):
        return False
    if post.is_removed:
        return post.is_held and is_staff_in(person, post.topic.section)
    return is_staff_in(person, post.topic.section) or may_take_back(person, post)


def may_take_back(person: Person, post: Post) -> bool:
    """Is the post this person's own to take away? All other removing is an act of staff, with a reason."""
    return (
        _wrote(person, post)
        and not post.is_original
        and not post.topic.is_closed
        and not post.topic.section.is_archived
    )


def can_restore(person: Person, post: Post) -> bool:
    """Staff; and authors what they took away themselves."""
    if not may_speak(person) or not post.is_removed or not can_read_topic(person, post.topic):
        return False
    if is_staff_in(person, post.topic.section):
        return True
    return may_take_back(person, post) and post.removal.removed_by_id == person.pk


def _wrote(person: Person, post: Post) -> bool:
    return is_member(person) and post.author_id == person.pk
