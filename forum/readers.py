"""Who may read in a section: permissions.can_read, asked of all members at once."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from forum.models import Section, SectionGrant


def may_read(section: Section) -> Q:
    """A condition on members; tests/forum/test_mentions.py holds it to the sentence."""
    if section.read_by in (Section.Audience.EVERYONE, Section.Audience.MEMBERS):
        return Q()
    staff = ~Q(role=User.Role.MEMBER)
    if section.read_by == Section.Audience.STAFF:
        return staff
    granted = SectionGrant.objects.filter(
        section=section, act=SectionGrant.Act.READ, group__members=OuterRef("pk")
    )
    return staff | Q(Exists(granted))
