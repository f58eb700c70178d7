"""Who may do what, one function for each rule. The functions only look at the objects they are given.

The matching querysets, Section / Topic / Post.objects.visible_to, are in the models; a test compares the two.
"""

from accounts.models import Person, is_member
from forum.models import Attachment, PendingPost, Post, Section, SectionGrant, Topic


def is_staff_in(person: Person, section: Section) -> bool:
    """A moderator limited to other sections is an ordinary member here."""
    return person.is_authenticated and person.is_staff and person.moderates_section(section.pk)


def can_write(person: Person) -> bool:
    """Whether the person may write anything that others can see, including thanks and votes."""
    return is_member(person) and not person.is_silenced


def _is_in_audience(person: Person, audience: str, section: Section, act: str) -> bool:
    """Whether the person belongs to the audience that a section allows an action."""
    if audience == Section.Audience.EVERYONE or is_staff_in(person, section):
        return True
    if not is_member(person) or audience == Section.Audience.STAFF:
        return False
    return audience == Section.Audience.MEMBERS or section.grants_to(person, act)


def can_read(person: Person, section: Section) -> bool:
    return _is_in_audience(person, section.read_by, section, SectionGrant.Act.READ)


def can_read_topic(person: Person, topic: Topic) -> bool:
    """Only staff read a removed topic. Nobody reads a merged topic: it redirects to the other one."""
    if topic.is_merged or not can_read(person, topic.section):
        return False
    return not topic.is_removed or is_staff_in(person, topic.section)


def can_start_topic(person: Person, section: Section) -> bool:
    return (
        can_write(person)
        and not section.is_archived
        and can_read(person, section)
        and _is_in_audience(person, section.start_by, section, SectionGrant.Act.START)
    )


def can_reply_in(person: Person, section: Section) -> bool:
    """Whether the person may reply in an open topic of this section."""
    return (
        can_write(person)
        and not section.is_archived
        and can_read(person, section)
        and _is_in_audience(person, section.reply_by, section, SectionGrant.Act.REPLY)
    )


def can_reply(person: Person, topic: Topic) -> bool:
    return can_reply_in(person, topic.section) and not topic.is_closed and topic.is_listed


def can_vote(person: Person, original: Post) -> bool:
    """Voting and retracting a vote: everyone who may reply, while the original post is visible. The poll has its own
    end."""
    return can_reply(person, original.topic) and not original.is_removed


def can_quote(person: Person, post: Post) -> bool:
    """Quoting with the button, in a reply in the same topic. Typed quotes work for every post that one may read."""
    return not post.is_removed and can_reply(person, post.topic)


def can_read_text(person: Person, post: Post) -> bool:
    """Only staff and the author read the text of a removed post."""
    if not can_read_topic(person, post.topic):
        return False
    return not post.is_removed or is_staff_in(person, post.topic.section) or _is_author(person, post)


def can_see_attachment(person: Person, attachment: Attachment) -> bool:
    """Everyone who may read its post; before it has one, its owner and the staff who review the pending post."""
    if attachment.post is None and attachment.waits_with and can_see_pending(person, attachment.waits_with):
        return True
    if attachment.post is None:
        return is_member(person) and attachment.owner_id == person.pk
    if attachment.is_hidden:
        return can_read_hidden_revision(person, attachment.post)
    return can_read_text(person, attachment.post)


def is_author_of_pending(person: Person, pending: PendingPost) -> bool:
    return is_member(person) and pending.author_id == person.pk


def can_see_pending(person: Person, pending: PendingPost) -> bool:
    """A post that is or was pending: its author and staff."""
    return is_author_of_pending(person, pending) or is_staff_in(person, pending.current_section)


def can_read_destination(person: Person, pending: PendingPost) -> bool:
    """Whether the person may read the topic or section of a pending post: its author may have lost access since."""
    if pending.topic:
        return can_read_topic(person, pending.topic)
    return can_read(person, pending.section)


def can_review_pending(person: Person, pending: PendingPost) -> bool:
    """Approving and rejecting: staff, but not their own posts."""
    return is_staff_in(person, pending.current_section) and not is_author_of_pending(person, pending)


def can_read_history(person: Person, post: Post) -> bool:
    return can_read_text(person, post) and can_read_histories(person, post.topic.section, of=post.author_id)


def can_read_histories(person: Person, section: Section, *, of: int) -> bool:
    """Whether the person may read the history of the posts of member `of`, where they may read the posts. Authors
    always may: they see what staff changed in their words."""
    if section.history_by == Section.HistoryAudience.EVERYONE or is_staff_in(person, section):
        return True
    return is_member(person) and (section.history_by == Section.HistoryAudience.MEMBERS or person.pk == of)


def can_read_hidden_revision(person: Person, post: Post) -> bool:
    """Reading a revision that staff hid."""
    return is_staff_in(person, post.topic.section) and can_read_text(person, post)


def can_hide_revision(person: Person, post: Post) -> bool:
    """Hiding a revision, and showing it again."""
    return can_read_hidden_revision(person, post)


def can_edit(person: Person, post: Post) -> bool:
    """Authors, while the topic is open and the post is visible; staff always."""
    if not can_write(person) or not can_read_topic(person, post.topic):
        return False
    if is_staff_in(person, post.topic.section):
        return True
    return (
        _is_author(person, post)
        and not post.is_removed
        and not post.topic.is_closed
        and not post.topic.section.is_archived
    )


def edit_needs_reason(person: Person, post: Post) -> bool:
    """Staff give a reason for edits of other people's posts, and for edits in closed topics."""
    return not _is_author(person, post) or post.topic.is_closed


def can_rename(person: Person, topic: Topic) -> bool:
    if not can_write(person) or not can_read_topic(person, topic):
        return False
    if is_staff_in(person, topic.section):
        return True
    return topic.started_by_id == person.pk and not topic.is_closed and not topic.section.is_archived


def rename_needs_reason(person: Person, topic: Topic) -> bool:
    return topic.started_by_id != person.pk or topic.is_closed


def can_report(person: Person, post: Post) -> bool:
    """Other people's visible posts; also auto-hidden ones, which may have been hidden while someone read them."""
    if not is_member(person) or _is_author(person, post) or not can_read_topic(person, post.topic):
        return False
    return not post.is_removed or post.is_auto_hidden


def can_thank(person: Person, post: Post) -> bool:
    """Thanking and undoing it: for other people's visible posts, in closed topics too."""
    return (
        can_write(person)
        and not _is_author(person, post)
        and not post.is_removed
        and not post.topic.section.is_archived
        and can_read_topic(person, post.topic)
    )


def can_always_show(person: Person, post: Post) -> bool:
    """Its author and staff can mark a post as more than thanks, so that it is always shown."""
    if not can_write(person) or post.is_removed or not can_read_topic(person, post.topic):
        return False
    return is_staff_in(person, post.topic.section) or _is_author(person, post)


def can_bookmark(person: Person, post: Post) -> bool:
    return is_member(person) and can_read_text(person, post)


def can_highlight(person: Person, post: Post) -> bool:
    return is_staff_in(person, post.topic.section) and not post.is_removed


def can_unhighlight(person: Person, post: Post) -> bool:
    return is_staff_in(person, post.topic.section)


def can_close(person: Person, topic: Topic) -> bool:
    """Closing and reopening, now or on a schedule, and slow mode."""
    return _is_topic_staff(person, topic)


def can_pin(person: Person, topic: Topic) -> bool:
    return _is_topic_staff(person, topic)


def can_remove_topic(person: Person, topic: Topic) -> bool:
    """Removing a whole topic: staff; authors delete their own while nobody has replied."""
    return _is_topic_staff(person, topic) or can_delete_own_topic(person, topic)


def can_delete_own_topic(person: Person, topic: Topic) -> bool:
    """Authors of an open topic without replies. A removed reply counts too: it can be restored."""
    return (
        is_member(person)
        and topic.started_by_id == person.pk
        and can_read_topic(person, topic)
        and not topic.is_removed
        and not topic.ever_had_replies
        and not topic.is_closed
        and not topic.section.is_archived
    )


def can_restore_topic(person: Person, topic: Topic) -> bool:
    """Staff; authors if they removed the topic themselves."""
    if not topic.is_removed or _is_topic_staff(person, topic):
        return topic.is_removed
    return (
        can_write(person)
        and topic.started_by_id == person.pk == topic.removal.removed_by_id
        and can_read(person, topic.section)
        and not topic.is_merged
        and not topic.is_closed
        and not topic.section.is_archived
    )


def can_move(person: Person, topic: Topic) -> bool:
    """Moving the topic out of its section, and posts out of the topic. can_move_into checks the destination."""
    return _is_topic_staff(person, topic) and topic.is_listed


def can_move_into(person: Person, section: Section) -> bool:
    """Moving needs staff rights at both ends."""
    return is_staff_in(person, section) and not section.is_archived


def can_read_staff_replies(person: Person, topic: Topic) -> bool:
    """Reading and writing staff replies, whatever the state of the topic."""
    return _is_topic_staff(person, topic)


def _is_topic_staff(person: Person, topic: Topic) -> bool:
    return is_staff_in(person, topic.section) and not topic.is_merged


def can_remove(person: Person, post: Post) -> bool:
    """Staff, including auto-hidden posts; authors delete their own replies while the topic is open. An original post
    is removed with its topic."""
    if not is_member(person) or not can_read_topic(person, post.topic):
        return False
    if post.is_removed:
        return post.is_auto_hidden and is_staff_in(person, post.topic.section)
    return is_staff_in(person, post.topic.section) or can_delete_own_post(person, post)


def can_delete_own_post(person: Person, post: Post) -> bool:
    """Whether the person may delete this post as its author. All other removals are by staff, with a reason."""
    return (
        _is_author(person, post)
        and not post.is_original
        and not post.topic.is_closed
        and not post.topic.section.is_archived
    )


def can_restore(person: Person, post: Post) -> bool:
    """Staff; authors if they deleted the post themselves."""
    if not can_write(person) or not post.is_removed or not can_read_topic(person, post.topic):
        return False
    if is_staff_in(person, post.topic.section):
        return True
    return can_delete_own_post(person, post) and post.removal.removed_by_id == person.pk


def _is_author(person: Person, post: Post) -> bool:
    return is_member(person) and post.author_id == person.pk
