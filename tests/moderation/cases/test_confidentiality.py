"""Who reported, what they wrote, staff notes and messages: hidden from everybody they are not meant for. A canary of
each kind is searched for on every page, in every inbox and in the log; each is found where it belongs."""

import pytest
from django.urls import get_resolver, reverse

from forum.models import Section
from moderation.cases.appeal import create_appeal
from moderation.cases.messages import add_note, reply_to_staff, write_to_reporter
from moderation.cases.reveal_reporter import reveal_reporter
from moderation.models import Case
from moderation.reports.report import report_post
from notifications.models import Notification
from tests.conftest import browser_of, make_user
from tests.support.cases import resolve

REPORTER = "canary-zelda"
CANARIES = {
    "reporter": REPORTER,
    "comment": "Canary-comment",
    "to reporter": "Canary-to-reporter",
    "from reporter": "Canary-from-reporter",
    "note": "Canary-note",
    "settling note": "Canary-settling",
    "appeal": "Canary-appeal",
    "why looked up": "Canary-curious",
}


@pytest.fixture
def people(talk, topic, ada, ben, cleo, mia, noor):
    elsewhere = Section.objects.create(name="Tools", slug="tools", place=3)
    other = make_user("otto", "moderator")
    other.moderates = [elsewhere.pk]
    other.save()
    return {
        "guest": None,
        "author": ben,
        "member": cleo,
        "other section": other,
        "reporter": make_user(REPORTER),
        "moderator": mia,
        "admin": noor,
    }


@pytest.fixture
def case(people, bens) -> Case:
    """A case with every possible event."""
    zelda, mia, noor = people["reporter"], people["moderator"], people["admin"]
    report = report_post(post=bens, by=zelda, reason="other", comment="Canary-comment")
    write_to_reporter(report=report, by=mia, text="Canary-to-reporter")
    reply_to_staff(report=report, by=zelda, text="Canary-from-reporter")
    add_note(case=report.case, by=mia, text="Canary-note")
    reveal_reporter(report=report, by=mia, reason="Canary-curious")
    resolve(case=report.case, by=mia, outcome="warned", note="Canary-settling")
    create_appeal(case=report.case, by=people["author"], text="Canary-appeal")
    assert noor
    return Case.objects.get()


def page_urls(case: Case) -> list[str]:
    """Returns every URL of these parts, and those that an author or a reader would try."""
    post, topic = case.post, case.post.topic
    found = [
        "/",
        "/moderation/",
        "/moderation/?state=all",
        "/moderation/?state=all&q=here",
        "/moderation/settled/",
        "/moderation/reporters/",
        "/moderation/log/",
        "/reports/",
        f"/reports/{case.reports.get().pk}/",
        f"/appeals/{case.pk}/",
        topic.get_absolute_url(),
        topic.section.get_absolute_url(),
        f"{topic.get_absolute_url()}feed/",
        "/feeds/highlights/",
        "/u/ben/",
        *(f"/p/{post.pk}/{act}/" for act in ("edit", "history", "report", "remove", "highlight")),
        case.get_absolute_url(),
        *(f"{case.get_absolute_url()}{act}/" for act in ("settle", "decide", "note")),
        *(f"{case.get_absolute_url()}reporters/1/{act}/" for act in ("write", "unmask", "mute")),
    ]
    if "inbox" in {pattern.name for pattern in get_resolver().url_patterns if hasattr(pattern, "name")}:
        found.append(reverse("inbox"))
    return found


def visible_text_for(person, case: Case) -> str:
    client = browser_of(person)
    pages = [client.get(address, follow=True).text for address in page_urls(case)]
    told = Notification.objects.filter(member=person).values_list("text", flat=True) if person else []
    # A member's own name is in the header of every page.
    return " ".join([*pages, *told])


VISIBLE_CANARIES = {
    "guest": set(),
    "member": set(),
    "other section": set(),
    "author": {"appeal"},
    "reporter": {"reporter", "comment", "to reporter", "from reporter"},
    # The moderator who revealed the reporter.
    "moderator": set(CANARIES),
    "admin": set(CANARIES) - {"reporter"},
}


@pytest.mark.slow
@pytest.mark.parametrize("role", VISIBLE_CANARIES)
def test_each_role_sees_only_the_confidential_texts_meant_for_it(people, case, role):
    """The control is in the same line: readers do see what they may see."""
    everything = visible_text_for(people[role], case)
    seen = {name for name, canary in CANARIES.items() if canary in everything}
    assert seen == VISIBLE_CANARIES[role]


@pytest.mark.slow
def test_pending_count_is_hidden_from_people_without_access(people, case):
    """The header counts cases only for those who may see them."""
    for role in ("guest", "author", "member", "reporter", "other section"):
        assert "to review" not in visible_text_for(people[role], case)
