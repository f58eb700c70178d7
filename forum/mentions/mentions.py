"""The members whom a text mentions: looked up before it is rendered, and stored with its post."""

from accounts.models import FormerName, User
from core.text import Rendered
from core.text.references import MentionedMember
from forum.models import Mention, Post, Section


def mentioned_members(name_keys: list[str], section: Section) -> dict[str, MentionedMember]:
    """Returns the members with these names who may read the section, by name key. Former names work too."""
    if not name_keys:
        return {}
    readers = User.objects.active().filter(section.readers_condition())
    members = {member.name_key: member for member in readers.filter(name_key__in=name_keys)}
    former_names = FormerName.objects.filter(name_key__in=name_keys, user__in=readers.values("pk"))
    members |= {former.name_key: former.user for former in former_names.select_related("user")}
    return {key: MentionedMember(member.pk, member.get_absolute_url()) for key, member in members.items()}


def update_mentions(post: Post, rendered: Rendered, *, is_new: bool = False) -> None:
    """Updates the mentions of a post. Call it in the transaction that writes the post."""
    if not is_new:
        Mention.objects.filter(post=post).exclude(member__in=rendered.people).delete()
    if rendered.people:
        Mention.objects.bulk_create(
            [Mention(post=post, member_id=pk) for pk in rendered.people], ignore_conflicts=True
        )
