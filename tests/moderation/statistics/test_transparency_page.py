"""The public figures: correct, by the community's months, and none that identifies a person."""

import re
import time
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.models import LogEntry, Sanction
from forum.models import PendingPost
from moderation.models import Appeal, Case, Report
from moderation.statistics import transparency_page
from moderation.statistics.transparency_page import format_count, format_duration
from tests.conftest import make_user, reply_to, start

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def figures_by_month(guest, query: str = "") -> dict[str, dict[str, str]]:
    """Returns the figures of each month, by their names."""
    transparency_page.months_until.cache_clear()
    page = guest.get(f"/transparency/{query}").text
    return {
        month: dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", section))
        for month, section in re.findall(r'aria-labelledby="m([0-9-]+)">(.*?)</section>', page, re.DOTALL)
    }


@pytest.fixture
def cases(talk, ada, ben, mia):
    """Makes cases from rows: resolved in March, after these hours; first reviewed after half of them."""

    def make_cases(
        hours: list[int], outcome: str = "no_breach", opened: datetime | None = None
    ) -> list[Case]:
        topic = start(talk, ada)
        opened = opened or datetime(2026, 3, 10, 12, tzinfo=NEW_YORK)
        return [
            Case.objects.create(
                post=reply_to(topic, ben), author=ben, author_name="ben", revision=1, opened_at=opened,
                first_response_at=opened + timedelta(hours=number) / 2,
                resolved_at=opened + timedelta(hours=number), resolved_by=mia, outcome=outcome,
            )
            for number in hours
        ]  # fmt: skip

    return make_cases


@pytest.fixture(autouse=True)
def in_april(monkeypatch):
    monkeypatch.setattr(transparency_page, "_this_month", lambda: datetime(2026, 4, 1).date())
    yield
    transparency_page.months_until.cache_clear()


def test_page_without_data_shows_no_months(guest):
    assert figures_by_month(guest) == {}


def test_month_shows_reports_outcomes_and_median_times(guest, cases, mia, ben):
    for number, case in enumerate(cases([2, 4, 10, 30, 100])):
        Report.objects.create(
            case=case, reporter=make_user(f"member{number}"), revision=1, reason="spam", reported_at=case.opened_at,
            number=1,
        )  # fmt: skip
    cases([5, 5, 5], "warned")
    figures = figures_by_month(guest)["2026-03"]
    assert figures["Reports"] == "5"
    assert figures["Cases resolved"] == "8"
    assert (figures["No violation"], figures["Member warned"]) == ("5", "3")
    assert figures["Median time to first response"] == "2 hours"
    assert figures["Median time to resolution"] == "5 hours"


MARCH = datetime(2026, 3, 5, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("act", "name"),
    [
        ("remove", "Posts removed by staff"),
        ("restore", "Posts restored by staff"),
        ("edit", "Posts edited by staff"),
        ("hide_revision", "Earlier revisions hidden by staff"),
        ("close", "Topics closed"),
        ("reopen", "Topics reopened"),
        ("remove_topic", "Topics removed"),
        ("restore_topic", "Topics restored"),
        ("lift_sanction", "Sanctions lifted early"),
    ],
)
def test_each_moderator_action_has_its_own_figure(guest, mia, act, name):
    for number in range(4):
        LogEntry.objects.create(act=act, by=mia, at=MARCH, target_kind="post", target_id=number)
    LogEntry.objects.create(act="highlight", by=mia, at=MARCH, target_kind="post", target_id=1)
    figures = figures_by_month(guest)["2026-03"]
    assert {name for name, value in figures.items() if value != "fewer than 3"} == {name}
    assert figures[name] == "4"


def test_action_on_many_posts_counts_each_post(guest, mia):
    for act, facts in (
        (
            "remove_everything",
            {"before": {"highlights": []}, "after": {"posts": [1, 2, 3, 4], "waiting": [1]}},
        ),
        ("remove_everything", {"before": {"highlights": []}, "after": {"posts": [5]}}),
        ("restore_everything", {"before": {"posts": [1, 2, 3], "cleared": 1}, "after": None}),
    ):
        LogEntry.objects.create(act=act, by=mia, at=MARCH, target_kind="user", target_id=1, facts=facts)
    LogEntry.objects.create(act="remove", by=mia, at=MARCH, target_kind="post", target_id=6)
    figures = figures_by_month(guest)["2026-03"]
    assert (figures["Posts removed by staff"], figures["Posts restored by staff"]) == ("6", "3")


def test_reviewed_pending_posts_are_counted_with_outcome_and_median(guest, talk, ben, mia):
    for outcome, number in (("refused", 4), ("taken_back", 3)):
        for hours in range(number):
            PendingPost.objects.create(
                author=ben, section=talk, title="x", body="x", html="x", excerpt="x", submission_key=uuid4(),
                why="links", sent_at=MARCH, resolved_at=MARCH + timedelta(hours=3 + hours), resolved_by=mia,
                outcome=outcome,
            )  # fmt: skip
    figures = figures_by_month(guest)["2026-03"]
    assert (figures["Pending posts reviewed"], figures[PendingPost.Outcome.REFUSED.label]) == ("4", "4")
    assert figures["Median time to review pending posts"] == "4 hours"


def test_auto_hidden_posts_are_counted(guest, cases):
    Case.objects.filter(pk__in=[case.pk for case in cases([2, 4, 6])]).update(auto_hidden_at=MARCH)
    assert figures_by_month(guest)["2026-03"]["Posts hidden automatically, pending review"] == "3"


def test_appeals_are_counted_with_decision_and_median_time(guest, cases, noor):
    for case in cases([1, 1, 1], "removed"):
        Appeal.objects.create(
            case=case, words="No.", made_at=MARCH, decided_at=MARCH + timedelta(days=2), decided_by=noor,
            decision="granted", answer="Yes.",
        )  # fmt: skip
    figures = figures_by_month(guest)["2026-03"]
    assert (figures["Appeals"], figures["Appeals decided"], figures["Appeal granted"]) == (
        "3",
        "3",
        "3",
    )
    assert figures["Median time to decide appeals"] == "2 days"


def test_counts_below_three_are_not_published(guest, cases):
    cases([2, 4])
    figures = figures_by_month(guest)["2026-03"]
    assert figures["Cases resolved"] == "fewer than 3"
    assert "No violation" not in figures
    assert not [name for name in figures if name.startswith("Median")]


def test_small_counts_cannot_be_derived_from_totals(guest, cases):
    cases([2, 4, 6, 8])
    cases([3], "warned")
    figures = figures_by_month(guest)["2026-03"]
    assert figures["Cases resolved"] == "5"
    assert not {"No violation", "Member warned"} & figures.keys()


@pytest.mark.parametrize(
    ("number", "value"), [(0, "fewer than 3"), (2, "fewer than 3"), (3, "3"), (1234, "1,234")]
)
def test_format_count_hides_numbers_below_three(number, value):
    assert format_count(number) == value


@pytest.mark.parametrize(
    ("duration", "value"),
    [
        (timedelta(seconds=5), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_format_duration_uses_minutes_hours_or_days(duration, value):
    assert format_duration(duration) == value


def test_months_use_community_time_zone_for_all_readers(guest, ben, mia, sign_in):
    at = datetime(2026, 2, 28, 23, 59, tzinfo=NEW_YORK)
    for _ in range(3):
        Sanction.objects.create(member=ben, kind="warning", by=mia, at=at, reason="Rude.")
    assert figures_by_month(guest).keys() == {"2026-02"}
    mia.time_zone = "Asia/Dubai"
    mia.save()
    assert figures_by_month(sign_in(mia)).keys() == {"2026-02"}
    assert figures_by_month(guest)["2026-02"]["Warnings, silences and suspensions"] == "3"


def test_older_months_are_on_separate_pages(guest, cases):
    cases([2, 2, 2], opened=datetime(2024, 6, 1, tzinfo=NEW_YORK))
    Report.objects.create(
        case=Case.objects.first(), reporter=make_user("rita"), revision=1, reason="spam", number=1,
        reported_at=datetime(2024, 6, 1, tzinfo=NEW_YORK),
    )  # fmt: skip
    assert figures_by_month(guest) == {}
    assert 'href="?before=2025-05"' in guest.get("/transparency/").text
    assert figures_by_month(guest, "?before=2025-05").keys() == {"2024-06"}


@pytest.mark.parametrize("value", ["x", "2026", "2026-13", "0001-01", "9999-12", "²026-01"])
def test_invalid_month_gets_400(guest, value):
    assert guest.get("/transparency/", {"before": value}).status_code == 400


def test_page_contains_no_names_titles_or_links_to_posts(guest, cases, ben, mia):
    cases([2, 4, 6])
    page = guest.get("/transparency/").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "March 2026" in main
    for private in ("ben", "mia", "Slow search", "/p/", "/t/"):
        assert private not in main, private


def test_cached_page_needs_no_query(guest, cases, django_assert_num_queries):
    cases([2, 4, 6])
    guest.get("/transparency/")
    with django_assert_num_queries(0):
        assert "March 2026" in guest.get("/transparency/").text


def test_cached_page_expires(guest, cases):
    guest.get("/transparency/")
    cases([2, 4, 6])
    assert "March 2026" not in guest.get("/transparency/").text
    transparency_page.months_until.cache.expire(time.monotonic() + transparency_page.CACHE_SECONDS)
    assert "March 2026" in guest.get("/transparency/").text
