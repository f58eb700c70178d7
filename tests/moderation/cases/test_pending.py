"""What is pending for a staff member: the count in the header, the default list and the rule for deciding appeals
agree."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Sanction, User
from moderation.cases.appeal import create_appeal, decide_appeal, is_allowed_to_decide
from moderation.cases.pending import appeals_for
from moderation.cases.pending_counts import pending_counts_for
from moderation.models import Case
from moderation.reports.report import report_post
from tests.conftest import make_user, reply_to
from tests.support.cases import resolve

pytestmark = pytest.mark.usefixtures("no_rate_limits")

OUTCOMES = ("removed", "warned", "suspended")


def report_new_post(topic, by: User, reporter: User) -> Case:
    return report_post(post=reply_to(topic, by), by=reporter, reason="spam").case


@pytest.fixture
def staff(topic, news, mia, noor) -> dict[str, User]:
    """Every kind of person who may or may not decide."""

    def moderator(name: str, *sections: int) -> User:
        person = make_user(f"mod-{name}", "moderator")
        User.objects.filter(pk=person.pk).update(moderates=list(sections) or None)
        return User.objects.get(pk=person.pk)

    return {
        "mia": mia,
        "noor": noor,
        "max": moderator("max"),
        "here": moderator("here", topic.section_id),
        "elsewhere": moderator("elsewhere", news.pk),
        "ida": make_user("ida", "admin"),
    }


@pytest.fixture
def appeals(topic, staff, cleo) -> list[Case]:
    """Appeals against every outcome by a moderator of all sections, of one, and an admin; about members and about a
    moderator."""
    cases = []
    for settler in ("mia", "here", "noor"):
        for number, outcome in enumerate(OUTCOMES):
            if settler == "here" and outcome == "suspended":
                continue  # not allowed for them
            author = make_user(f"author-{settler}-{number}")
            case = resolve(case=report_new_post(topic, author, cleo), by=staff[settler], outcome=outcome)
            cases.append(create_appeal(case=case, by=author, text="Why?").case)
    User.objects.filter(pk=cases[1].author_id).update(role="moderator")  # warned, then given a role
    report_new_post(topic, make_user("openly"), cleo)
    return cases


def listed_ids(client, address: str = "/moderation/") -> list[int]:
    return [row.pk for row in client.get(address).context["page"].rows]


def assert_all_agree(person: User, sign_in) -> set[int]:
    """Checks that all agree, and returns the appeals that are for this person."""
    person = User.objects.get(pk=person.pk)
    waiting = Case.objects.visible_to(person).appealed().with_post()
    decidable = {case.pk for case in waiting if is_allowed_to_decide(person, case)}
    assert set(appeals_for(person).values_list("pk", flat=True)) == decidable
    rows = listed_ids(sign_in(person))
    is_open = set(Case.objects.visible_to(person).open().values_list("pk", flat=True))
    assert sorted(rows) == rows  # longest waiting first
    assert set(rows) == is_open | decidable
    assert pending_counts_for(person).cases == len(rows)
    return decidable


@pytest.mark.slow
def test_header_count_matches_pending_list_for_all_staff(sign_in, appeals, staff):
    theirs = {name: assert_all_agree(person, sign_in) for name, person in staff.items()}
    mias, heres, noors = appeals[:3], appeals[3:5], appeals[5:]
    assert theirs["ida"] == {case.pk for case in appeals}
    assert theirs["noor"] == {case.pk for case in mias + heres}
    assert theirs["elsewhere"] == set()
    # What an admin imposed, and what now concerns a moderator, is for admins.
    assert theirs["max"] == {case.pk for case in [mias[0], mias[2], *heres, noors[0]]}
    assert theirs["mia"] == {case.pk for case in [*heres, noors[0]]}
    # Suspensions are not for a moderator of some sections.
    assert theirs["here"] == {mias[0].pk, noors[0].pk}


@pytest.mark.slow
@pytest.mark.parametrize("other_staff", [[], ["elsewhere"], ["here"]])
def test_appeal_is_pending_for_resolver_if_no_other_staff_can_decide(
    sign_in, topic, staff, ben, cleo, other_staff
):
    """Others may exist who cannot see the case, or who see it and cannot lift what was imposed."""
    User.objects.exclude(role="member").exclude(
        pk__in=[staff[name].pk for name in ["mia", *other_staff]]
    ).update(role="member", moderates=None)
    case = resolve(case=report_new_post(topic, ben, cleo), by=staff["mia"], outcome="suspended")
    create_appeal(case=case, by=ben, text="Why?")
    assert assert_all_agree(staff["mia"], sign_in) == {case.pk}
    User.objects.filter(pk=staff["noor"].pk).update(role="admin")
    assert assert_all_agree(staff["mia"], sign_in) == set()
    User.objects.filter(pk=staff["noor"].pk).update(suspended_until=timezone.now() + timedelta(days=1))
    assert assert_all_agree(staff["mia"], sign_in) == {case.pk}


@pytest.mark.slow
def test_lifted_sanction_does_not_restrict_who_decides_appeal(sign_in, appeals, staff):
    Sanction.objects.update(lifted_at=timezone.now(), lifted_by=staff["noor"])
    assert assert_all_agree(staff["max"], sign_in) == {case.pk for case in appeals}


@pytest.mark.slow
def test_decided_appeal_leaves_pending_list(sign_in, appeals, staff):
    decide_appeal(case=appeals[0], by=staff["ida"], decision="upheld", reason="No.")
    assert appeals[0].pk not in assert_all_agree(staff["noor"], sign_in)


@pytest.mark.slow
def test_state_links_preserve_other_filters(sign_in, appeals, staff):
    client = sign_in(staff["noor"])
    page = client.get("/moderation/").text
    for state in ("waiting", "open", "claimed", "appealed", "all"):
        assert f'href="/moderation/?state={state}"' in page
    assert 'href="/moderation/?state=waiting" aria-current="page"' in page
    assert "Appeal pending for" in page
    narrowed = client.get("/moderation/?state=appealed&reason=spam").text
    assert 'href="/moderation/?state=open&amp;reason=spam"' in narrowed
    # A moderator who may not decide still finds it there.
    assert set(listed_ids(client, "/moderation/?state=appealed")) == {case.pk for case in appeals}
