import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access.roles import change_role
from accounts.models import User
from core.web import keyset_pagination
from forum.models import Section
from forum.posts.edit import edit_post
from moderation.cases.appeal import ACTION_OF_DECISION
from moderation.cases.pending_counts import pending_counts_for
from moderation.cases.resolve import ACTION_OF_OUTCOME
from moderation.log.sentences import ACTION_NAMES
from moderation.models import Case
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from moderation.topics.close import close_topic
from tests.conftest import browser_of, make_user, offers, reply_to
from tests.support.cases import resolve

PAGES = ["/moderation/", "/moderation/settled/", "/moderation/log/"]


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


@pytest.fixture
def many_cases(topic, ben, cleo) -> list[Case]:
    """Two pages and one more case."""
    posts = [reply_to(topic, ben, f"Lamp number {number}.") for number in range(7)]
    return [report_post(post=post, by=cleo, reason="spam").case for post in posts]


@pytest.fixture(autouse=True)
def _short_pages_without_rate_limits(monkeypatch, no_rate_limits):
    monkeypatch.setattr(keyset_pagination, "ROWS_PER_PAGE", 3)


def test_queue_shows_excerpt_section_reasons_and_report_count(sign_in, case, cleo, mia):
    report_post(post=case.post, by=cleo, reason="spam")
    report_post(post=case.post, by=mia, reason="attack")
    page = sign_in(mia).get("/moderation/").text
    for words in (
        case.post.excerpt,
        "Talk",
        "Spam or advertising",
        "Insults, threats or harassment",
        "× 2",
        ">3</b> reports",
        "Open for",
    ):
        assert words in page


def test_case_page_offers_no_member_actions_on_the_post(sign_in, case, mia):
    page = sign_in(mia).get(f"/moderation/cases/{case.pk}/")
    assert offers(page, "remove")
    assert not [act for act in ("report", "quote", "thank", "save") if offers(page, act)]


def test_log_links_member_whose_role_changed(sign_in, ben, noor):
    change_role(member=ben, role="moderator", by=noor)
    assert '<a href="/u/ben/"><bdi>ben</bdi></a>' in sign_in(noor).get("/moderation/log/").text


def test_case_page_shows_reports_without_reporter_names(sign_in, case, cleo, mia):
    report_post(post=case.post, by=cleo, reason="attack", comment="<b>Rude</b> too.")
    page = sign_in(mia).get(f"/moderation/cases/{case.pk}/").text
    for words in ("Reporter 1", "Lamps again.", "Reporter 2", "&lt;b&gt;Rude&lt;/b&gt; too."):
        assert words in page
    assert "cleo" not in page


def test_case_page_offers_moderator_actions(sign_in, case, mia):
    page = sign_in(mia).get(f"/moderation/cases/{case.pk}/").text
    for act in ("edit", "remove", "highlight", "close", "settle"):
        assert f'data-act="{act}"' in page


@pytest.mark.slow
def test_case_page_shows_earlier_cases_and_moderation_history(sign_in, case, ada, mia):
    resolve(case=case, by=mia, outcome="warned", note="Spam.")
    remove_post(post=case.post, by=mia, reason="It was spam.")
    from moderation.posts.remove import restore_post

    restore_post(post=case.post, by=mia)
    second = report_post(post=case.post, by=ada, reason="spam").case
    page = sign_in(mia).get(f"/moderation/cases/{second.pk}/").text
    assert f'<a href="/moderation/cases/{case.pk}/">' in page
    for words in (
        "It was spam.",
        "</bdi> restored the post",
        ">1</b> other case,",
        ">1</b> with a violation",
    ):
        assert words in page


def test_moderation_pages_are_hidden_from_members_and_guests(sign_in, case, ada, ben):
    for person in (ada, ben):
        for page in [*PAGES, f"/moderation/cases/{case.pk}/"]:
            assert sign_in(person).get(page).status_code == 404
    for page in PAGES:
        assert sign_in(None).get(page).status_code == 302


@pytest.mark.slow
def test_moderator_never_sees_case_about_own_post(sign_in, topic, mia, noor, cleo):
    own = report_post(post=reply_to(topic, mia, "My own words."), by=cleo, reason="attack").case
    assert "My own words." not in sign_in(mia).get("/moderation/").text
    assert sign_in(mia).get(f"/moderation/cases/{own.pk}/").status_code == 404
    assert (pending_counts_for(mia).cases, pending_counts_for(noor).cases) == (0, 1)

    resolve(case=own, by=noor, outcome="no_breach", note="All is well.")
    for page in ("/moderation/settled/", "/moderation/log/"):
        assert "All is well." not in sign_in(mia).get(page).text
        assert f"/moderation/cases/{own.pk}/" not in sign_in(mia).get(page).text
    assert "All is well." in sign_in(noor).get("/moderation/log/").text


@pytest.mark.slow
def test_author_pages_reveal_no_reports_reporters_or_staff_notes(sign_in, case, topic, ben, cleo, mia):
    """Every page that an author has: their own posts, the topic, the acts on it."""
    secret = make_user("zelda-the-reporter")
    report_post(post=case.post, by=secret, reason="other", comment="Between-us-42")
    resolve(case=case, by=mia, outcome="warned", note="Between-staff-43")
    report_post(post=case.post, by=secret, reason="other", comment="Between-us-42")
    client = sign_in(ben)
    post = case.post
    pages = [
        "/",
        topic.section.get_absolute_url(),
        topic.get_absolute_url(),
        ben.get_absolute_url(),
        *(f"/p/{post.pk}/{act}/" for act in ("edit", "history", "report", "remove", "highlight")),
        *PAGES,
        f"/moderation/cases/{case.pk}/",
    ]
    for page in pages:
        text = client.get(page, follow=True).text
        for hidden in ("zelda-the-reporter", "Between-us-42", "Between-staff-43", "to review"):
            assert hidden not in text, page


# --- Pages and queries ---


def row_ids(response) -> list[int]:
    return [row.pk for row in response.context["page"].rows]


@pytest.mark.slow
def test_open_cases_are_paginated_oldest_first(sign_in, many_cases, mia):
    client = sign_in(mia)
    seen, address = [], "/moderation/"
    while address:
        response = client.get(address)
        seen += row_ids(response)
        last = response.context["page"].last_id
        address = f"/moderation/?after={last}" if last else ""
        # A case resolved between two page requests does not make any of the others disappear.
        resolve(case=Case.objects.get(pk=seen[0]), by=mia, outcome="warned")
    assert seen == [case.pk for case in many_cases]


@pytest.mark.slow
def test_resolved_cases_are_paginated_newest_first(sign_in, many_cases, mia):
    for case in many_cases:
        resolve(case=case, by=mia, outcome="warned")
    first = sign_in(mia).get("/moderation/settled/")
    second = sign_in(mia).get(f"/moderation/settled/?before={first.context['page'].last_id}")
    assert row_ids(first) + row_ids(second) == [case.pk for case in many_cases[::-1]][:6]


@pytest.mark.parametrize(
    "address", ["/moderation/?after=x", "/moderation/log/?before=-1", "/moderation/log/?before=²"]
)
def test_invalid_page_cursor_gets_400(sign_in, mia, address):
    assert sign_in(mia).get(address).status_code == 400


def query_count(person, address: str) -> int:
    client = browser_of(person)
    client.get(address)  # loads the session and whatever else is loaded once
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.slow
@pytest.mark.parametrize("address", PAGES)
def test_query_count_does_not_grow_with_rows_on_page(topic, ben, cleo, mia, noor, address, monkeypatch):
    monkeypatch.setattr(keyset_pagination, "ROWS_PER_PAGE", 30)
    # The header counts pending items; the first page also says how long members wait; the log lists its filters'
    # options.
    most = {"/moderation/": 10}.get(address, 7)

    def add_two_cases(number: int) -> None:
        settled, standing = (reply_to(topic, ben, f"Lamp {number}.") for _ in range(2))
        resolve(case=report_post(post=settled, by=cleo, reason="spam").case, by=noor, outcome="warned")
        report_post(post=standing, by=cleo, reason="spam")
        edit_post(post=standing, by=ben, body=f"No lamp {number}.", version=1)

    add_two_cases(0)
    short = query_count(mia, address)
    for number in range(1, 9):
        add_two_cases(number)
    assert query_count(mia, address) == short <= most


@pytest.mark.slow
def test_case_page_query_count_does_not_grow_with_reports(bens, mia):
    def report(number: int) -> Case:
        member = make_user(f"member{number}")
        return report_post(post=bens, by=member, reason="spam").case

    Section.objects.update(auto_hide_threshold=0)
    case = report(0)
    one = query_count(mia, f"/moderation/cases/{case.pk}/")
    for number in range(1, 20):
        report(number)
    highlight_post(post=bens, by=mia)
    remove_post(post=bens, by=mia, reason="Spam.")
    assert query_count(mia, f"/moderation/cases/{case.pk}/") == one <= 14


# --- The log ---


def test_every_logged_action_has_a_display_name():
    written = set()
    for app in ("accounts", "forum", "moderation"):
        for path in (Path(__file__).parents[3] / app).rglob("*.py"):
            written |= set(
                re.findall(r"\b(?:log_action|record_on|_record_moved)\(\s*\"(\w+)\"", path.read_text())
            )
    written |= {f"make_{role}" for role in User.Role.values}
    written |= {*ACTION_OF_OUTCOME.values(), *ACTION_OF_DECISION.values()}
    assert len(written) > 15
    assert written <= set(ACTION_NAMES)


def test_log_lists_actor_action_target_and_reason_newest_first(sign_in, topic, bens, mia, noor):
    highlight_post(post=bens, by=mia)
    close_topic(topic=topic, by=noor, reason="Solved by Monday.")
    response = sign_in(mia).get("/moderation/log/")
    assert [entry.act for entry in response.context["page"].rows] == ["close", "highlight"]
    for words in ("noor", "closed the topic", "Solved by Monday.", topic.title, f"/p/{bens.pk}/"):
        assert words in response.text


@pytest.mark.slow
def test_log_filters_by_action_actor_and_topic(sign_in, topic, talk, ada, mia, noor):
    from tests.conftest import start

    other = start(talk, ada, "Another")
    close_topic(topic=topic, by=noor, reason="One.")
    close_topic(topic=other, by=mia, reason="Two.")
    highlight_post(post=other.posts.get(), by=mia)
    client = sign_in(mia)

    def shown(query: str) -> list[tuple[str, int]]:
        rows = client.get(f"/moderation/log/?{query}").context["page"].rows
        return [(entry.act, entry.topic_id) for entry in rows]

    assert shown("act=close") == [("close", other.pk), ("close", topic.pk)]
    assert shown("by=MIA") == [("highlight", other.pk), ("close", other.pk)]
    assert shown(f"topic={topic.pk}") == [("close", topic.pk)]
    assert shown(f"act=highlight&by=noor&topic={topic.pk}") == []
    assert shown("by=nobody") == []


@pytest.mark.slow
def test_log_pagination_preserves_filters(sign_in, topic, ben, mia):
    posts = [reply_to(topic, ben) for _ in range(7)]
    for post in posts:
        highlight_post(post=post, by=mia)
    client = sign_in(mia)
    seen, address = [], "/moderation/log/?act=highlight&by=mia"
    while address:
        response = client.get(address)
        seen += [entry.target_id for entry in response.context["page"].rows]
        last = response.context["page"].last_id
        if last:
            assert f"?act=highlight&amp;by=mia&amp;before={last}" in response.text
        address = f"/moderation/log/?act=highlight&by=mia&before={last}" if last else ""
    assert seen == [post.pk for post in posts[::-1]]
