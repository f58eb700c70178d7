"""Looks up what a text refers to, before it is rendered."""

from accounts.access.active_members import active_members
from accounts.models import FormerName, User
from core.text import names_in
from core.text.references import MentionedMember, References
from forum.access.section_readers import readers_condition
from forum.attachments.links import attachments_in, attachments_in_quotes
from forum.models import Post, Section


def references_in(
    body: str, *, by: User, section: Section, post: Post | None = None, editor: User | None = None
) -> References:
    """Returns the members and attachments in `body` that exist and that its author may use in this section. `post`: the
    post, if it exists already. `editor`: the person who edits it, if not the author."""
    return References(
        people=_people(names_in(body), section),
        attached=attachments_in(body, by=by, post=post, editor=editor),
        attachments_of_quotes=attachments_in_quotes(body),
        cuts_quotes=True,
    )


def _people(keys: list[str], section: Section) -> dict[str, MentionedMember]:
    """Returns the mentioned members who may read the section, by name key. Former names work too."""
    if not keys:
        return {}
    here = active_members().filter(readers_condition(section))
    people = {member.name_key: member for member in here.filter(name_key__in=keys)}
    given_up = FormerName.objects.filter(name_key__in=keys, user__in=here.values("pk"))
    people |= {former.name_key: former.user for former in given_up.select_related("user")}
    return {key: MentionedMember(member.pk, member.get_absolute_url()) for key, member in people.items()}
