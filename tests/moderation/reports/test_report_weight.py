from decimal import Decimal

import pytest

from moderation.models import Report
from moderation.reports.report import report_post
from moderation.reports.report_weight import count_results, reporter_record, weight
from tests.conftest import reply_to
from tests.support.cases import established_members, resolve


@pytest.mark.parametrize(
    ("upheld", "dismissed", "is_new", "expected_weight"),
    [
        (0, 0, False, "1"),
        (1, 0, False, "1.25"),
        (8, 0, False, "3"),
        (40, 0, False, "3"),
        (0, 1, False, "0.75"),
        (0, 40, False, "0.5"),
        (5, 5, False, "1"),
        (0, 0, True, "0.5"),
        (1, 0, True, "1.25"),
    ],
)
def test_weight_depends_on_earlier_results_and_new_membership(upheld, dismissed, is_new, expected_weight):
    assert weight(upheld, dismissed, is_new=is_new) == Decimal(expected_weight)


def test_outcome_reversed_on_appeal_counts_as_neither():
    found = [
        ("removed", None),
        ("no_breach", None),
        ("removed", "granted"),
        ("warned", "upheld"),
        ("upheld", None),
    ]
    assert count_results(found) == (3, 1)


@pytest.mark.slow
def test_report_stores_its_weight_and_record_of_reporter(topic, ben, mia):
    (member,) = established_members(1)
    for outcome in ("removed", "no_breach", "warned"):
        case = report_post(post=reply_to(topic, ben), by=member, reason="spam").case
        resolve(case=case, by=mia, outcome=outcome)
    report = report_post(post=reply_to(topic, ben), by=member, reason="spam")
    assert (report.upheld_before, report.dismissed_before, report.weight) == (2, 1, Decimal("1.25"))
    assert Report.objects.order_by("pk").first().weight == 1


def test_reporter_record_counts_only_the_latest_reports(topic, ben, mia, monkeypatch):
    monkeypatch.setattr("moderation.reports.report_weight.REPORTS_COUNTED", 2)
    (member,) = established_members(1)
    for outcome in ("no_breach", "warned", "warned"):
        resolve(
            case=report_post(post=reply_to(topic, ben), by=member, reason="spam").case,
            by=mia,
            outcome=outcome,
        )
    assert (reporter_record(member).upheld, reporter_record(member).dismissed) == (2, 0)


def test_reporter_record_needs_one_query(ada, django_assert_num_queries):
    with django_assert_num_queries(1):
        reporter_record(ada)
