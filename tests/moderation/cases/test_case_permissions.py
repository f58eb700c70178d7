"""Every act on a case, tried by everybody, checked by its effect."""

import pytest
from django.db import models, transaction

from accounts.models import LogEntry, Sanction
from forum.models import Closure, Post, Removal, Section
from moderation.cases.appeal import create_appeal
from moderation.members.sanction import suspend_member
from moderation.models import Appeal, Case, CaseEvent, Mute, Report
from moderation.reports.mute_reporter import mute_reporter
from moderation.reports.report import report_post
from tests.conftest import browser_of, make_user, reply_to
from tests.support.cases import resolve

ROLES = ["guest", "member", "author", "reporter", "suspended", "here", "elsewhere", "admin"]
STAFF = {"here", "admin"}
TABLES: list[type[models.Model]] = [
    Appeal,
    Case,
    CaseEvent,
    Closure,
    LogEntry,
    Mute,
    Post,
    Removal,
    Report,
    Sanction,
]

# The act, its URL, the fields to send, who does it, and to which case.
ACTIONS = {
    "claim": ("cases/{open}/claim/", {}, STAFF),
    "release": ("cases/{claimed}/release/", {}, {"here"}),
    "take over": ("cases/{claimed}/claim/", {"take_over": "1"}, STAFF),
    "note": ("cases/{open}/note/", {"note": "Seen."}, STAFF),
    "write": ("cases/{open}/reporters/1/write/", {"body": "Which?"}, STAFF),
    "unmask": ("cases/{open}/reporters/1/unmask/", {"reason": "A threat."}, STAFF),
    "mute": ("cases/{open}/reporters/1/mute/", {"reason": "Nothing."}, STAFF),
    "lift": ("mutes/{mute}/lift/", {}, STAFF),
    "no breach": ("cases/{open}/settle/", {"outcome": "no_breach"}, STAFF),
    "remove": ("cases/{open}/settle/", {"outcome": "removed", "reason": "Spam."}, STAFF),
    "edit": (
        "cases/{open}/settle/",
        {"outcome": "edited", "reason": "Spam.", "body": "Better.", "version": "1"},
        STAFF,
    ),
    "warn": ("cases/{open}/settle/", {"outcome": "warned", "reason": "Spam.", "warned_for": "90"}, STAFF),
    "close": ("cases/{open}/settle/", {"outcome": "closed", "reason": "Spam."}, STAFF),
    # What applies to every section is not for a moderator of some.
    "suspend": (
        "cases/{open}/settle/",
        {"outcome": "suspended", "reason": "Spam.", "suspended_for": "7"},
        {"admin"},
    ),
    "decide": ("cases/{appealed}/decide/", {"decision": "granted", "reason": "Right."}, STAFF),
    "answer": ("/reports/{report}/", {"body": "Those."}, {"reporter"}),
    "appeal": ("/appeals/{settled}/", {"body": "Why?"}, {"author"}),
}


@pytest.fixture
def people(talk, topic, ben, noor, cleo):
    elsewhere = Section.objects.create(name="Tools", slug="tools", place=3)
    people = {name: make_user(f"{name}-one") for name in ("reporter", "suspended", "here", "elsewhere")}
    for name, section in (("here", talk), ("elsewhere", elsewhere)):
        people[name].role, people[name].moderates = "moderator", [section.pk]
        people[name].save()
    suspend_member(member=people["suspended"], by=noor, reason="Spam.")
    people["suspended"].refresh_from_db()
    return {**people, "guest": None, "member": cleo, "author": ben, "admin": noor}


@pytest.fixture
def target_ids(people, topic, noor):
    from moderation.cases.claim import claim_case

    ben, reporter = people["author"], people["reporter"]
    other = make_user("vera", "moderator")

    def case() -> Case:
        return report_post(post=reply_to(topic, ben), by=reporter, reason="spam").case

    cases = {name: case() for name in ("open", "claimed", "settled", "appealed")}
    claim_case(case=cases["claimed"], by=people["here"])
    for name in ("settled", "appealed"):
        resolve(case=cases[name], by=other, outcome="removed")
    create_appeal(case=cases["appealed"], by=ben, text="Why?")
    muted = make_user("muted-one")
    mute = mute_reporter(
        report=report_post(post=cases["open"].post, by=muted, reason="spam"), by=noor, reason="Nothing."
    )
    return {
        **{name: one.pk for name, one in cases.items()},
        "report": cases["open"].reports.first().pk,
        "mute": mute.pk,
    }


def table_rows() -> list[list]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTIONS)
def test_case_action_takes_effect_only_for_allowed_roles(people, target_ids, act):
    address, fields, may = ACTIONS[act]
    address = address.format(**target_ids)
    before, did = table_rows(), set()
    for role in ROLES:
        client = browser_of(people[role])
        with transaction.atomic():
            client.post(address if address[0] == "/" else f"/moderation/{address}", fields)
            if table_rows() != before:
                did.add(role)
            transaction.set_rollback(True)
    assert did == may


def test_every_case_url_is_covered_by_the_permission_table():
    from moderation.urls import case_urls

    addresses = {
        address.partition("}/")[2] for address, _, _ in ACTIONS.values() if address.startswith("cases/")
    }
    assert {str(route.pattern).replace("<id:number>", "1") for route in case_urls} == addresses
