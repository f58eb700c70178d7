"""One token in each thing that some may see and others may not, created by the services themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_address
from secrets import token_hex
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Group, IpSighting, User
from accounts.rate_limiting import rate_counter
from forum.access.errors import PostPendingApproval
from forum.drafts import store as drafts_store
from forum.models import Section, SectionGrant, Topic
from forum.models.draft import edit_draft_key, reply_draft_key
from forum.posts.edit import edit_post
from moderation.cases.appeal import create_appeal
from moderation.cases.messages import add_note, write_to_reporter
from moderation.members.sanction import suspend_member
from moderation.members.staff_notes import note_member
from moderation.posts.hide_revision import hide_revision
from moderation.posts.remove import remove_post
from moderation.posts.staff_replies import add_staff_note
from moderation.reports.report import report_post
from moderation.topics.remove import remove_topic
from tests.conftest import make_user, reply_to, start
from tests.site.world import World, sign_in_client
from tests.support.cases import resolve
from tests.support.new_member_limits import add_watched_word

# Their relation to the topic: `here` and `elsewhere` moderate this section and another, `suspended` reported before.
ROLES = ("guest", "member", "author", "suspended", "here", "elsewhere", "admin")
STAFF_HERE = {"here", "admin"}
ALL_STAFF = STAFF_HERE | {"elsewhere"}


@dataclass(frozen=True)
class Canary:
    kind: str
    token: str
    may_see: frozenset[str]

    def all_spellings(self) -> set[str]:
        return {self.token, self.token[::-1]}


class Canaries:
    def __init__(self) -> None:
        self.birds: list[Canary] = []

    def hatch(self, kind: str, may_see: set[str], token: str = "") -> str:
        canary = Canary(kind, token or f"bird{token_hex(8)}", frozenset(may_see))
        self.birds.append(canary)
        return canary.token

    def __iter__(self) -> Iterator[Canary]:
        return iter(self.birds)


def add_missing_roles(first: World) -> World:
    """Adds those of the seven roles that the world does not have."""
    people = {role: User.objects.get(pk=person.pk) for role, person in first.people.items()}
    world = replace(first, people=people, clients=dict(first.clients), things=dict(first.things))
    talk, elsewhere = Section.objects.get(slug="talk"), Section.objects.get(slug="elsewhere")
    for role, name, section in (("here", "hera", talk), ("elsewhere", "elsa", elsewhere)):
        world.people[role] = make_user(name, "moderator")
        User.objects.filter(pk=world.people[role].pk).update(moderates=[section.pk])
        world.people[role].refresh_from_db()
    world.people["suspended"] = make_user("sue")
    for role in ("here", "elsewhere", "suspended"):
        world.clients[role] = sign_in_client(world.people[role].name)
    return world


def plant_canaries(world: World) -> Canaries:
    """Ada, the author, wrote everything that can be written; Sue reported her and is suspended in the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            rate_counter, "count_action", lambda *args, **kwargs: None
        )  # this takes less than a minute
        return _plant_canaries(world, Canaries())


def _plant_canaries(world: World, flock: Canaries) -> Canaries:
    ada, mia, noor, sue = (world.people[who] for who in ("author", "moderator", "admin", "suspended"))
    topic = Topic.objects.get(pk=world.things["topic"])

    removed = reply_to(topic, ada, flock.hatch("removed post", STAFF_HERE | {"author"}))
    remove_post(post=removed, by=mia, reason="Off topic.")

    held = reply_to(topic, ada, flock.hatch("held post", STAFF_HERE | {"author"}))
    Section.objects.filter(pk=topic.section_id).update(auto_hide_threshold=2)
    _report_until_hidden(held)

    old = reply_to(topic, ada, flock.hatch("hidden revision", STAFF_HERE))
    edit_post(post=old, by=ada, body="Nothing of the kind.", version=1)
    hide_revision(post=old, number=1, by=mia, reason="An address.")

    gone = start(topic.section, ada, flock.hatch("removed topic's title", STAFF_HERE | {"author"}))
    remove_topic(topic=gone, by=mia, reason="Spam.")

    reported = reply_to(topic, ada, "Reported.")
    told = flock.hatch("report's comment", STAFF_HERE | {"suspended"})
    report = report_post(post=reported, by=sue, reason="other", comment=told)
    heard = flock.hatch("talk with a reporter", STAFF_HERE | {"suspended"})
    write_to_reporter(report=report, by=mia, text=heard)
    add_note(case=report.case, by=mia, text=flock.hatch("note on a case", STAFF_HERE))
    resolve(case=report.case, by=mia, outcome="warned", note=flock.hatch("note of a settlement", STAFF_HERE))
    said = flock.hatch("words of an appeal", STAFF_HERE | {"author"})
    create_appeal(case=report.case, by=ada, text=said)

    note = flock.hatch("note on a member", ALL_STAFF)
    note_member(member=sue, by=noor, text=note, submission_key=uuid4())
    among = flock.hatch("staff's own reply", STAFF_HERE)
    add_staff_note(post=topic.posts.get(position=1), by=mia, body=among, submission_key=uuid4())

    begun = flock.hatch("draft", {"author"})
    drafts_store.save(by=ada, draft_key=reply_draft_key(world.things["pinned"]), version=0, body=begun)
    why = flock.hatch("reason of an edit not sent", {"author"})
    drafts_store.save(
        by=ada, draft_key=edit_draft_key(reported.pk), version=0, body="Else.", reason=why, based_on=1
    )

    _plant_in_group_section(ada, flock)
    _plant_pending_post(topic, ada, noor, flock)
    _plant_personal_data(ada, flock)

    suspend_member(
        member=sue, by=noor, reason=flock.hatch("reason of a suspension", ALL_STAFF | {"suspended"})
    )
    world.clients["suspended"] = sign_in_client("sue")
    world.things |= {
        "bird_removed": removed.pk, "bird_held": held.pk, "bird_old": old.pk, "bird_gone": gone.pk,
        "bird_reported": reported.pk, "bird_case": report.case_id, "bird_report": report.pk,
    }  # fmt: skip
    return flock


def _report_until_hidden(post) -> None:
    reporters = [make_user(f"teller{number}") for number in range(3)]
    User.objects.filter(pk__in=[one.pk for one in reporters]).update(
        joined_at=timezone.now() - timedelta(days=99)
    )
    for reporter in User.objects.filter(pk__in=[one.pk for one in reporters]):
        report_post(post=post, by=reporter, reason="spam")
    assert type(post).objects.get(pk=post.pk).is_removed


def _plant_in_group_section(ada: User, flock: Canaries) -> None:
    """A section that only a group may read. Staff of all sections may read it too, since they moderate it."""
    room = Section.objects.create(name="Room", slug="room", place=9, read_by="groups")
    few = Group.objects.create(name="Few")
    few.members.add(ada)
    SectionGrant.objects.create(section=room, group=few, act="read")
    start(room, ada, flock.hatch("title in a room of few", {"author", "admin"}),
          flock.hatch("post in a room of few", {"author", "admin"}))  # fmt: skip


def _plant_pending_post(topic: Topic, ada: User, noor: User, flock: Canaries) -> None:
    """Pending because of a word rule, until staff approve it."""
    words = add_watched_word(flock.hatch("rule on words", {"admin", "here", "author"}), by=noor)
    User.objects.filter(pk=ada.pk).update(texts_waiting=0)
    ada.refresh_from_db()
    text = flock.hatch("text that waits", STAFF_HERE | {"author"})
    with pytest.raises(PostPendingApproval):
        reply_to(topic, ada, f"{text} {words.words}")


def _plant_personal_data(ada: User, flock: Canaries) -> None:
    """What only the look-up shows, which is an act of its own with a reason, and the key in a mail."""
    address = str(ip_address(f"2001:db8:{':'.join(token_hex(2) for _ in range(6))}"))
    IpSighting.objects.note(
        member=ada.pk, act="post", address=flock.hatch("address on the net", set(), address)
    )
    mine = f"{flock.hatch('e-mail address', {'author'})}@example.org"
    EmailAddress.objects.filter(user=ada).update(email=mine)
    User.objects.filter(pk=ada.pk).update(email=mine)
    ada.refresh_from_db()
    before = len(mail.outbox)
    Client().post("/account/password/reset/", {"email": mine})
    (letter,) = mail.outbox[before:]
    flock.hatch("code in a letter", set(), _read_code(letter.body))


def _read_code(letter: str) -> str:
    found = re.search(r"^ +([A-Z]{4}-[A-Z]{4})$", letter, re.M)
    assert found
    return found[1]
