"""Which cases the moderation queue shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.profile.rename import rename
from core.web import keyset_pagination
from forum.models import Section
from forum.posts.edit import edit_post
from moderation.cases.appeal import create_appeal
from moderation.cases.claim import claim_case
from moderation.models import Case
from moderation.reports.report import report_post
from moderation.reports.search_index import fold_words
from tests.conftest import reply_to, start
from tests.support.cases import resolve

pytestmark = pytest.mark.usefixtures("no_rate_limits")


@pytest.fixture
def other(db) -> Section:
    return Section.objects.create(name="Tools", slug="tools", place=3)


@pytest.fixture
def cases(topic, other, ada, ben, cleo, mia, noor) -> dict[str, Case]:
    """One of every kind."""

    def case(body: str, by=ben, where=topic, reason: str = "spam") -> Case:
        return report_post(post=reply_to(where, by, body), by=cleo, reason=reason).case

    made = {
        "open": case("Buy my Lamps, they are cheap."),
        "mine": case("Grüße aus dem Lampenladen."),
        "theirs": case("You are all fools.", by=ada, reason="attack"),
        "elsewhere": case("A hammer.", where=start(other, ada, "Hammers")),
        "settled": case("It is fine."),
        "appealed": case("It is not fine."),
    }
    claim_case(case=made["mine"], by=mia)
    claim_case(case=made["theirs"], by=noor)
    resolve(case=made["settled"], by=mia, outcome="no_breach")
    resolve(case=made["appealed"], by=noor, outcome="warned")
    create_appeal(case=made["appealed"], by=ben, text="But it is.")
    Case.objects.filter(pk=made["open"].pk).update(opened_at=timezone.now() - timedelta(days=2))
    return made


OPEN_CASES = {"open", "mine", "theirs", "elsewhere"}
ALL_CASES = OPEN_CASES | {"settled", "appealed"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "expected_names"),
    [
        ("", OPEN_CASES),
        ("state=nonsense", OPEN_CASES),
        ("state=open", {"open", "elsewhere"}),
        ("state=claimed", {"mine", "theirs"}),
        ("state=settled", {"settled", "appealed"}),
        ("state=appealed", {"appealed"}),
        ("state=all", ALL_CASES),
        ("reason=attack", {"theirs"}),
        ("reason=nonsense", OPEN_CASES),
        ("mine=1", {"mine"}),
        ("mine=1&state=all", {"mine", "settled"}),
        ("age=24", {"open"}),
        ("age=168", set()),
        ("member=ADA", {"theirs"}),
        ("member=nobody-here", set()),
        ("q=lamp", {"open", "mine"}),
        ("q=LAMPS+cheap", {"open"}),
        ("q=grüsse", {"mine"}),
        ("q=%27%3A*+%26+%21x", set()),
        ("q=%20%2B%20", OPEN_CASES),
        ("q=fine&state=all", {"settled", "appealed"}),
        ("q=fine&state=all&reason=spam&member=ben", {"settled", "appealed"}),
    ],
)
def test_queue_filters_select_expected_cases(sign_in, cases, mia, query, expected_names):
    response = sign_in(mia).get(f"/moderation/?{query}")
    assert response.status_code == 200
    assert {row.pk for row in response.context["page"].rows} == {cases[name].pk for name in expected_names}


@pytest.mark.slow
def test_section_filter_and_section_moderator_see_only_that_section(sign_in, cases, other, mia, cleo):
    response = sign_in(mia).get(f"/moderation/?section={other.pk}")
    assert [row.pk for row in response.context["page"].rows] == [cases["elsewhere"].pk]
    cleo.role, cleo.moderates = "moderator", [other.pk]
    cleo.save()
    client = sign_in(cleo)
    for query in ("", "state=all", "q=lamp", "member=ben", f"section={cases['open'].post.topic.section_id}"):
        rows = client.get(f"/moderation/?{query}").context["page"].rows
        assert {row.pk for row in rows} <= {cases["elsewhere"].pk}
    assert client.get(cases["elsewhere"].get_absolute_url()).status_code == 200
    assert client.get(cases["open"].get_absolute_url()).status_code == 404


@pytest.mark.slow
def test_search_finds_case_by_reported_text_after_edit(sign_in, cases, ben, mia):
    edit_post(post=cases["open"].post, by=ben, body="Nothing.", version=1)
    client = sign_in(mia)
    assert [row.pk for row in client.get("/moderation/?q=cheap").context["page"].rows] == [cases["open"].pk]
    assert not client.get("/moderation/?q=nothing").context["page"].rows


@pytest.mark.slow
def test_member_filter_matches_former_name(sign_in, cases, ada, mia):
    rename(by=ada, name="ada-lovelace")
    rows = sign_in(mia).get("/moderation/?member=ada").context["page"].rows
    assert [row.pk for row in rows] == [cases["theirs"].pk]


def test_next_page_link_preserves_filters(sign_in, cases, mia, monkeypatch):
    monkeypatch.setattr(keyset_pagination, "ROWS_PER_PAGE", 1)
    client, seen, address = sign_in(mia), [], "/moderation/?state=all&q=fine"
    while address:
        response = client.get(address)
        page = response.context["page"]
        seen += [row.pk for row in page.rows]
        address = f"/moderation/?{response.context['next_query']}" if page.last_id else ""
        assert not address or address.replace("&", "&amp;").split("/moderation/")[1] in response.text
    assert seen == [cases["appealed"].pk, cases["settled"].pk]


def test_fold_words_casefolds_normalizes_deduplicates_and_truncates():
    assert fold_words("Straße STRASSE ﬁne fine été") == ["strasse", "fine", "été"]
    assert fold_words("x" * 100) == ["x" * 60]
