"""The members who may read a section: permissions.can_read as a database condition."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import User
from forum.models import Section, SectionGrant


def readers_condition(section: Section) -> Q:
    """Returns a condition on members; tests/forum/mentions/test_mentions.py compares it with permissions.can_read."""
    if section.read_by == Section.Audience.EVERYONE:
        return Q()
    members = Q(suspended_until=None) | Q(suspended_until__lte=Now())
    if section.read_by == Section.Audience.MEMBERS:
        return members
    staff = ~Q(role=User.Role.MEMBER) & (Q(moderates=None) | Q(moderates__contains=[section.pk]))
    if section.read_by == Section.Audience.STAFF:
        return members & staff
    granted = SectionGrant.objects.filter(
        section=section, act=SectionGrant.Act.READ, group__members=OuterRef("pk")
    )
    return members & (staff | Q(Exists(granted)))
