"""Move a topic to another section. Its URL and those of its posts do not change."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import LogEntry, User
from forum.access import permissions
from forum.access.audit_log import record_on
from forum.access.locks import lock_topic
from forum.access.require import require
from forum.models import Section, SectionVersion, Topic
from forum.search_index import store as search_index
from forum.thanks import folding
from notifications.inbox.notify import notify


@transaction.atomic
def move_topic(
    *, topic: Topic, to: Section, by: User, reason: str = "", undoes: LogEntry | None = None
) -> bool:
    """Moves the topic and notifies its author. Returns False if it is already in that section."""
    to = Section.objects.held(to.pk)[to.pk]
    topic = lock_topic(topic, by=by, if_may=permissions.can_move)
    require(permissions.can_move_into(by, to))
    if topic.section_id == to.pk:
        return False
    old_section = topic.section
    before = {"section": old_section.pk, "section_name": old_section.name}
    after = {"section": to.pk, "section_name": to.name}
    record_on("move_topic", topic, by=by, reason=reason, before=before, after=after, undoes=undoes)
    topic.section = to
    # The sections may differ in whether they collapse thank-you replies.
    topic.write(takes_back=True, section=to, **folding.newest_unread_columns(topic))
    search_index.move_topic(topic, source=old_section, target=to)
    SectionVersion.objects.bump_all((old_section.pk, topic.pk, -1), (to.pk, topic.pk, 1))
    _notify_author(topic, by)
    return True


def _notify_author(topic: Topic, by: User) -> None:
    """Notifies the author. Names the new section only if they can read it."""
    author = topic.started_by
    if author == by:
        return
    if permissions.can_read_topic(author, topic):
        text = _("Your topic “%(title)s” was moved to %(section)s.")
        text %= {"title": topic.title, "section": topic.section.name}
        notify(member=author, text=text, url=topic.get_absolute_url())
    else:
        text = _("Your topic “%(title)s” was moved to a section that you cannot read.")
        notify(member=author, text=text % {"title": topic.title})
