"""What people do, and what is changed while they do it: the two tables of the drill in test_actions_during_changes.py.

A new act or change is a line here. Every act has a stage of its own, so that none affects another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from accounts.access import roles
from accounts.directory.groups import remove_from_group
from accounts.models import Group, RateCount, Sanction, User
from forum.models import Closure, Post, Section, SectionGrant, Topic
from forum.polls.polls import PollTerms
from forum.sections.moderators import appoint_moderator
from moderation.members.sanction import silence_member, suspend_member
from moderation.posts.remove import remove_post
from moderation.topics.move import move_topic
from moderation.topics.remove import remove_topic
from moderation.topics.split import split_posts
from tests.conftest import make_user, reply_to, start

TEXT = "These words are not to be lost."


@dataclass
class Place:
    """Where it all happens: a section where only a group writes, another, and one that only staff read."""

    den: Section
    other: Section
    vault: Section
    insiders: Group
    admin: User
    ben: User


def make_place(admin: User, ben: User) -> Place:
    insiders = Group.objects.create(name="Insiders")
    den = _section("den", 1, Section.Audience.GROUPS)
    SectionGrant.objects.bulk_create(
        SectionGrant(section=den, group=insiders, act=act) for act in SectionGrant.Act.values
    )
    other = Section.objects.create(name="Other", slug="other", place=2)
    vault = _section("vault", 3, Section.Audience.STAFF)
    insiders.members.add(ben)
    return Place(den, other, vault, insiders, admin, ben)


def _section(slug: str, place: int, audience: str) -> Section:
    return Section.objects.create(
        name=slug.capitalize(), slug=slug, place=place, read_by=audience, start_by=audience, reply_by=audience
    )


@dataclass(frozen=True)
class Act:
    name: str
    role: str
    form: Callable[["Stage"], tuple[str, dict[str, Any]]]
    has_text: bool = False
    # For acts whose response is always the same: how to find out what was done. Otherwise a redirect shows it.
    was_done: Callable[["Stage"], bool] | None = None


@dataclass
class Stage:
    """A person with a topic of their own: they asked, another member replied, and so did they."""

    act: Act
    place: Place
    person: User
    topic: Topic
    theirs: Post
    own: Post

    @property
    def address(self) -> str:
        return f"/t/{self.topic.pk}/x/"


def make_stage(act: Act, place: Place, person: User) -> Stage:
    RateCount.objects.all().delete()  # one person replies on every stage
    topic = start(place.den, person, poll=PollTerms(("Tea", "Coffee")))
    return Stage(act, place, person, topic, reply_to(topic, place.ben), reply_to(topic, person))


def make_stages(place: Place) -> list[Stage]:
    stages = []
    for number, act in enumerate(ACTS):
        person = make_user(f"actor{number}", act.role)
        place.insiders.members.add(person)
        stages.append(make_stage(act, place, person))
    return stages


def _text_fields(field: str, **more: Any) -> dict[str, Any]:
    return {field: TEXT, "submission_key": str(uuid4()), **more}


ACTS = [
    Act("reply", "member", lambda s: (f"{s.address}reply/", _text_fields("body")), has_text=True),
    Act("start a topic", "member", lambda s: ("/s/den/new/", _text_fields("body", title="New")), has_text=True),
    Act("edit", "member", lambda s: (f"/p/{s.own.pk}/edit/", _text_fields("body", version=1)), has_text=True),
    Act("retitle", "member", lambda s: (f"{s.address}edit/", {"title": TEXT, "version": 1}), has_text=True),
    Act("thank", "member", lambda s: (f"/p/{s.theirs.pk}/thank/", {})),
    Act("vote", "member", lambda s: (f"{s.address}vote/", {"option": s.topic.poll.options.get(position=1).pk})),
    Act("report", "member",
        lambda s: (f"/p/{s.theirs.pk}/report/", {"reason": "spam", "comment": TEXT}), has_text=True),
    Act("take back", "member", lambda s: (f"/p/{s.own.pk}/remove/", {})),
    Act("edit another's", "moderator",
        lambda s: (f"/p/{s.theirs.pk}/edit/", _text_fields("body", version=1, reason="Clearer.")), has_text=True),
    Act("close", "moderator", lambda s: (f"{s.address}close/", {"reason": TEXT}), has_text=True),
    Act("pin", "moderator", lambda s: (f"{s.address}pin/", {})),
    Act("slow down", "moderator", lambda s: (f"{s.address}slow/", {"minutes": 10})),
    Act("move", "moderator", lambda s: (f"{s.address}move/", {"section": s.place.other.pk})),
    Act("remove the topic", "moderator", lambda s: (f"{s.address}remove/", {"reason": TEXT}), has_text=True),
    Act("remove a post", "moderator", lambda s: (f"/p/{s.theirs.pk}/remove/", {"reason": TEXT}), has_text=True),
    Act("remove posts", "moderator",
        lambda s: (f"{s.address}remove-posts/", {"post": [s.theirs.pk, s.own.pk], "reason": TEXT}), has_text=True),
    Act("highlight", "moderator", lambda s: (f"/p/{s.theirs.pk}/highlight/", {"version": 1})),
    Act("say to staff", "moderator",
        lambda s: (f"{s.address}staff-reply/", _text_fields("body", post=s.theirs.pk)), has_text=True),
    Act("close several", "moderator", lambda s: ("/s/den/close/", {"topic": s.topic.pk, "reason": TEXT}),
        was_done=lambda s: Closure.objects.filter(topic=s.topic.pk).exists()),
]  # fmt: skip


def _leave_group(stage: Stage) -> None:
    place = stage.place
    remove_from_group(group=place.insiders, member=stage.person, by=place.admin)


def _move_posts(stage: Stage) -> None:
    place = stage.place
    split_posts(
        topic=stage.topic,
        posts=[stage.theirs.pk, stage.own.pk],
        section=place.vault,
        title="Kept",
        by=place.admin,
    )


def _remove_posts(stage: Stage) -> None:
    for post in (stage.theirs, stage.own):
        remove_post(post=post, by=stage.place.admin, reason="Spam.")


@dataclass(frozen=True)
class Change:
    make: Callable[[Stage], object]
    changes_place: bool = False  # changes the place, not the people
    roles: tuple[str, ...] = ("member", "moderator")


CHANGES = {
    "suspended": Change(lambda s: suspend_member(member=s.person, by=s.place.admin, reason="Enough.")),
    "silenced": Change(lambda s: silence_member(member=s.person, by=s.place.admin, reason="Enough.")),
    "demoted": Change(
        lambda s: roles.change_role(member=s.person, role=User.Role.MEMBER, by=s.place.admin), roles=("moderator",)
    ),
    "limited to another section": Change(
        lambda s: appoint_moderator(member=s.person, by=s.place.admin, sections=[s.place.other]),
        roles=("moderator",),
    ),
    "out of the group": Change(_leave_group, roles=("member",)),
    "topic moved": Change(
        lambda s: move_topic(topic=s.topic, to=s.place.vault, by=s.place.admin), changes_place=True
    ),
    "topic removed": Change(
        lambda s: remove_topic(topic=s.topic, by=s.place.admin, reason="Spam."), changes_place=True
    ),
    "posts removed": Change(_remove_posts, changes_place=True),
    "posts moved": Change(_move_posts, changes_place=True),
}  # fmt: skip


# Staff may still do these wherever a topic has gone, or find them done; only the pages no longer offer them.
STILL_ALLOWED = {"remove posts", "close several"}


def reset_round(stages: list[Stage], change: Change, done: set[str]) -> list[Stage]:
    """Resets the round: everybody has their rights, and the stage is new."""
    people = [stage.person for stage in stages]
    RateCount.objects.all().delete()
    if not change.changes_place:
        Sanction.objects.all().delete()
        for stage in stages:
            User.objects.filter(pk=stage.person.pk).update(
                role=stage.act.role, moderates=None, silenced_until=None, suspended_until=None
            )
        stages[0].place.insiders.members.add(*people)
    return [
        make_stage(stage.act, stage.place, User.objects.get(pk=stage.person.pk))
        if change.changes_place or stage.act.name in done
        else stage
        for stage in stages
    ]
