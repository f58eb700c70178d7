"""A small forum with one thing in every state, and one signed-in browser for every kind of person.

`author` is Ada: she started the topics, wrote the posts, owns the security key. `member` is Cleo, who has nothing to
do with any of it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from fido2 import cose, webauthn

from accounts.models import Group, LogEntry, User
from accounts.profile.picture import change_picture
from forum.attachments.upload import attach
from forum.bookmarks.bookmark import add_bookmark
from forum.drafts import store as drafts_store
from forum.models import Attachment, PendingPost, Poll, Section, Topic, WatchedWord
from forum.models.draft import reply_draft_key
from forum.polls import vote as polls_vote
from forum.polls.polls import PollTerms
from forum.posts.edit import edit_post
from forum.thanks.thank import thank_post
from moderation.cases import resolve as cases_resolve
from moderation.cases.appeal import create_appeal
from moderation.members.sanction import warn_member
from moderation.models import Report
from moderation.posts.hide_revision import hide_revision
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.posts.staff_replies import add_staff_note
from moderation.reports.mute_reporter import mute_reporter
from moderation.reports.report import report_post
from moderation.topics.close import close_topic
from moderation.topics.merge import merge_topic
from moderation.topics.pin import pin_topic
from moderation.topics.remove import remove_topic
from moderation.topics.timers import set_auto_close, set_slow_mode
from notifications.inbox.notify import mark_read, notify
from tests.conftest import PASSWORD, make_user, reply_to, start
from tests.support.pictures import picture, uploaded_file

ROLES = ("guest", "member", "author", "moderator", "admin")
# Side effects of a request that do not count: sessions, and counters of sign-in attempts. forum_readmark: a member who
# was shown a topic page has read it; tests/forum/read_state/test_read_progress.py tests it.
IGNORED_TABLES = {"accounts_session", "cache", "forum_readmark"}


@dataclass(eq=False)
class World:
    people: dict[str, User]
    clients: dict[str, Client]
    things: dict[str, int | str]  # the ids and keys in URLs and forms
    state: dict[str, tuple[int, int]]  # of the tables, as at the beginning of every test

    def address(self, pattern: str) -> str:
        """Returns `/p/{answer}/edit/` as a URL."""
        return pattern.format_map(self.things)

    def form(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Returns `{"topic": "{other}"}` as it is sent."""
        return {name: value.format_map(self.things) for name, value in fields.items()}

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """Undoes whatever happens inside, in the database or to who is signed in."""
        signed_in = {role: deepcopy(client.cookies) for role, client in self.clients.items()}
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        for role, client in self.clients.items():
            client.cookies = signed_in[role]


def make_world() -> World:
    roles = {"member": "member", "author": "member", "moderator": "moderator", "admin": "admin"}
    names = {"member": "cleo", "author": "ada", "moderator": "mia", "admin": "noor"}
    people = {who: make_user(names[who], role) for who, role in roles.items()}
    ben = make_user("ben")
    talk = Section.objects.create(name="Talk", slug="talk", place=1)
    secret = Section.objects.create(name="Staff room", slug="staff-room", place=2, read_by="staff")
    archived = Section.objects.create(name="Attic", slug="attic", place=3, archived_at="2026-01-01T00:00Z")
    ada, mia = people["author"], people["moderator"]

    topic, closed, pinned = (start(talk, ada, title) for title in ("A", "Closed", "Pinned"))
    asks = PollTerms(("Tea", "Coffee"))
    polled, voted, over = (start(talk, ben, title, poll=asks) for title in ("Polled", "Voted", "Over"))
    hidden = start(secret, mia, "Hidden", poll=asks)
    for person in people.values():
        polls_vote.vote(topic=voted, by=person, options=[voted.poll.options.get(position=1).pk])
    Poll.objects.filter(topic=over).update(closes_at=timezone.now())
    close_topic(topic=closed, by=mia, reason="Solved.")
    pin_topic(topic=pinned, by=mia)
    entry = LogEntry.objects.create(
        act="pin", by=mia, target_kind="topic", target_id=pinned.pk, topic_id=pinned.pk,
        section_id=talk.pk, facts={"before": None, "after": {"pin": pinned.pin.pk}},
    )  # fmt: skip
    notice = notify(member=ada, text="Your post was edited.", url="/")
    read_notice = notify(member=ada, text="Your picture was removed.")
    mark_read(by=ada, notice=read_notice.pk)
    posts = {name: reply_to(topic, ada) for name in ("answer", "highlighted", "removed")}
    highlight_post(post=posts["highlighted"], by=mia)
    remove_post(post=posts["removed"], by=ada)
    attachments = _attachments(ada, topic, mia, hidden)
    change_picture(by=ada, upload=uploaded_file("ada.png", picture()))
    report = report_post(post=posts["answer"], by=ben, reason=Report.Reason.SPAM)
    thanks = reply_to(topic, ada, "Thank you!")
    word = WatchedWord.objects.create(words="ding dong", key="dlng dong", made_by=people["admin"])
    waiting, hidden_waiting = _pending_post(topic, ada), _pending_post(hidden, mia)
    for person in people.values():
        add_bookmark(post=posts["answer"], by=person)
        if person is not ada:
            thank_post(post=posts["answer"], by=person)
    judged = _resolved_cases(talk, ada, people["member"])
    gone, timed, slowed = (start(talk, mia, title) for title in ("Gone", "Timed", "Slowed"))
    remove_topic(topic=gone, by=mia, reason="Spam.")
    set_auto_close(topic=timed, by=mia, days=3)
    set_slow_mode(topic=slowed, by=mia, minutes=5)
    elsewhere = Section.objects.create(name="Elsewhere", slug="elsewhere", place=4)
    other, merged = start(talk, ben, "Other"), start(talk, ben, "Merged")
    merge_topic(topic=merged, into=other, by=mia)
    chosen = reply_to(topic, ben, "Besides.")
    said = add_staff_note(post=chosen, by=mia, body="Among us.", submission_key=uuid4())
    edited = reply_to(topic, ada, "First.")
    for version, body in enumerate(("Second.", "Third."), start=1):
        edit_post(post=edited, by=ada, body=body, version=version)
    hide_revision(post=edited, number=1, by=mia, reason="An address.")
    draft = drafts_store.save(by=ada, draft_key=reply_draft_key(topic.pk), version=0, body="Begun.")
    warning = warn_member(member=people["member"], by=mia, reason="Be kind.")
    group = Group.objects.create(name="Ringers")
    group.members.add(ben)

    clients = {who: sign_in_client(person.name) for who, person in people.items()}
    things = {
        **{name: post.pk for name, post in posts.items()},
        "thanks": thanks.pk,
        "edited": edited.pk,
        "original": topic.posts.get(position=1).pk,
        "closed_post": closed.posts.get().pk,
        "hidden_post": hidden.posts.get(position=1).pk,
        "topic": topic.pk, "closed": closed.pk, "pinned": pinned.pk, "hidden": hidden.pk,
        "gone": gone.pk, "timed": timed.pk, "slowed": slowed.pk, "merged": merged.pk, "said": said.pk,
        "gone_post": gone.posts.get().pk, "chosen": chosen.pk,
        "polled": polled.pk, "voted": voted.pk, "over": over.pk,
        "section": talk.pk, "attic": archived.pk, "secret": secret.pk,
        "draft": draft.pk,
        **judged,
        "warning": warning.pk,
        "waiting": waiting.pk, "hidden_waiting": hidden_waiting.pk, "word": word.pk,
        "case": report.case_id, "group": group.pk, "ben": ben.pk, "ada": ada.pk, "cleo": people["member"].pk,
        "key": _security_key(ada).pk,
        "notice": notice.pk, "read_notice": read_notice.pk,
        "face": ada.picture,
        **{name: attachment.key for name, attachment in attachments.items()},
        "entry": entry.pk,
        "elsewhere": elsewhere.pk, "other": other.pk,
        "tea": _first_option(polled), "hidden_tea": _first_option(hidden),
        "nothing": 987_654_321,
    }  # fmt: skip
    return World(
        people, {"guest": Client(), **clients, "unverified": _unverified()}, things, state_of_tables()
    )


def _resolved_cases(talk: Section, ada: User, cleo: User) -> dict[str, int]:
    """Cases about Ada's posts that were resolved by a moderator who has none of the roles."""
    vera, topic = make_user("vera", "moderator"), start(talk, ada, "Judged")
    reports = {
        name: report_post(post=reply_to(topic, ada), by=cleo, reason=Report.Reason.SPAM)
        for name in ("judged", "appealed", "asked")
    }
    for name in ("judged", "appealed"):
        terms = cases_resolve.Resolution(outcome="removed", reason="Off topic.")
        cases_resolve.resolve_case(case=reports[name].case, by=vera, resolution=terms)
    create_appeal(case=reports["appealed"].case, by=ada, text="Why?")
    mute = mute_reporter(
        report=report_post(post=topic.posts.last(), by=make_user("muted"), reason=Report.Reason.SPAM),
        by=vera,
        reason="Nothing.",
    )
    return {
        "judged_case": reports["judged"].case_id,
        "appealed_case": reports["appealed"].case_id,
        "report": reports["asked"].pk,
        "mute": mute.pk,
    }


def _first_option(topic: Topic) -> int:
    return topic.poll.options.get(position=1).pk


def sign_in_client(name: str) -> Client:
    """Signs in on the page, so that a password which is asked for again after a while counts as just entered."""
    client = Client()
    assert client.post("/account/login/", {"login": name, "password": PASSWORD}).status_code == 302
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def _unverified() -> Client:
    """A member who has signed up, has not confirmed the address, and has just entered the right password."""
    newcomer = User.objects.create_user("newcomer", "newcomer@example.org", PASSWORD)
    EmailAddress.objects.create(user=newcomer, email=newcomer.email, primary=True)
    return sign_in_client("newcomer")


def _pending_post(topic: Topic, by: User, **said: Any) -> PendingPost:
    """A pending post."""
    said |= {"section": topic.section, "topic": topic, "body": "Ding dong.", "html": "<p>Ding dong.</p>"}
    User.objects.filter(pk=by.pk).update(texts_waiting=1)
    return PendingPost.objects.create(author=by, submission_key=uuid4(), why="words", **said)


def _attachments(ada: User, topic: Topic, mia: User, hidden: Topic) -> dict[str, Attachment]:
    """One in a post that everybody may read, one in a hidden post, one in a removed post; and an unused one."""
    sent_by = {"picture": ada, "hidden_picture": mia, "removed_picture": ada, "unused": ada}
    made = {
        name: attach(by=by, upload=uploaded_file("bell.png", picture(600, 400)), submission_key=uuid4())
        for name, by in sent_by.items()
    }
    reply_to(topic, ada, made["picture"].markdown)
    reply_to(hidden, mia, made["hidden_picture"].markdown)
    remove_post(post=reply_to(topic, ada, made["removed_picture"].markdown), by=ada)
    return made


def _security_key(user: User) -> Authenticator:
    """A security key, as the browser would have registered it."""
    public = cose.ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    attested = webauthn.AttestedCredentialData.create(b"\0" * 16, b"a-key", public)
    flags = webauthn.AuthenticatorData.FLAG.AT | webauthn.AuthenticatorData.FLAG.UP
    spoken = webauthn.AuthenticatorData.create(b"\0" * 32, flags, 0, attested)
    registration = webauthn.RegistrationResponse(
        raw_id=b"a-key",
        response=webauthn.AuthenticatorAttestationResponse(
            client_data=webauthn.CollectedClientData.create(
                "webauthn.create", b"challenge", "http://testserver"
            ),
            attestation_object=webauthn.AttestationObject.create("none", spoken, {}),
        ),
    )
    data = {"name": "A key", "credential": dict(registration)}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


@cache
def tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - IGNORED_TABLES)


def state_of_tables() -> dict[str, tuple[int, int]]:
    """Returns how many rows each table has and the sum of their hashes, except NO_EFFECTS. Queried after every request
    of every role: summed in the database, in one statement and without sorting, which would start more processes each
    time."""
    each = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(row::text, 0)), 0) FROM {table} row"
        for table in tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return {table: (rows, hashes) for table, rows, hashes in cursor.fetchall()}


def longest_row() -> int:
    """Returns how many characters the longest row of any table has."""
    each = " UNION ALL ".join(f"SELECT max(length(row::text)) FROM {table} row" for table in tables())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(longest) FROM ({each}) each(longest)")
        return cursor.fetchone()[0]
