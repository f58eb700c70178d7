"""The members and sections of the sample community, created before the first post."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from accounts.directory.groups import add_to_group, create_group
from accounts.models import Group, User
from accounts.profile import profile
from config.sample.people import GROUPS, PASSWORD, PEOPLE, SIGN_IN, Person
from config.sample.sections import SECTIONS, SectionPlan
from forum.models import Section, SectionGrant
from forum.sections.manage import archive_section, create_section

LAST_VISIT = timedelta(days=3)  # ago, so that everyone who signs in has something to read


def create_people(now: datetime) -> dict[str, User]:
    people = {person.name: _join(person, now) for person in PEOPLE}
    for name, members in GROUPS.items():
        group = create_group(name=name, by=people["admin"])
        for member in members:
            add_to_group(group=group, member=people[member], by=people["admin"])
    return people


def create_sections(by: User) -> dict[str, Section]:
    return {plan.name: _make(plan, by) for plan in SECTIONS}


def archive_sections(sections: dict[str, Section], by: User) -> None:
    """Last, since an archived section accepts no posts."""
    for plan in SECTIONS:
        if plan.archived:
            archive_section(section=sections[plan.name], by=by)


def _join(person: Person, now: datetime) -> User:
    user = User.objects.create_user(
        person.name,
        f"{person.name}@example.org".lower(),
        PASSWORD if person.name in SIGN_IN else None,
        role=person.role,
        joined_at=now - timedelta(days=person.joined),
        read_all_until=now - LAST_VISIT,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    profile.change_profile(by=user, about=person.about, time_zone=person.time_zone)
    return user


def _make(plan: SectionPlan, by: User) -> Section:
    groups = list(Group.objects.filter(name__in=plan.groups))
    return create_section(
        by=by,
        grants=dict.fromkeys(SectionGrant.Act.values, groups) if groups else {},
        name=plan.name,
        description=plan.description,
        read_by=plan.read_by,
        start_by=plan.start_by,
        reply_by=plan.reply_by,
    )
