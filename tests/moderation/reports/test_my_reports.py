"""A post shows its reporter that they reported it, until its case is resolved; and shows this to nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.cases.resolve import Resolution, resolve_case
from moderation.models import Case
from moderation.reports.report import report_post
from tests.conftest import reply_to

pytestmark = pytest.mark.django_db


def offered_action(client, post) -> str:
    page = client.get(post.topic.get_absolute_url()).text
    link = f'href="/p/{post.pk}/report/?seen={post.version}" data-act="'
    return page.partition(link)[2].partition('"')[0]


def test_reported_mark_is_shown_to_reporter_only(topic, bens, ada, cleo, sign_in):
    other = reply_to(topic, ada)
    assert offered_action(sign_in(cleo), bens) == "report"
    report_post(post=bens, by=cleo, reason="spam")
    assert offered_action(sign_in(cleo), bens) == "reported"
    assert offered_action(sign_in(cleo), other) == "report"
    assert offered_action(sign_in(ada), bens) == "report"
    page = sign_in(cleo).get(topic.get_absolute_url()).text
    assert f'aria-label="Reported ben’s post #{bens.position}">Reported</a>' in page


def test_report_page_links_own_earlier_report(bens, cleo, sign_in):
    report = report_post(post=bens, by=cleo, reason="spam")
    page = sign_in(cleo).get(f"/p/{bens.pk}/report/?seen=1").text
    assert "You reported this post." in page
    assert report.get_absolute_url() in page


def test_post_can_be_reported_again_after_case_is_resolved(bens, cleo, mia, sign_in):
    report_post(post=bens, by=cleo, reason="spam")
    resolve_case(case=Case.objects.get(), by=mia, resolution=Resolution(outcome="no_breach"))
    assert offered_action(sign_in(cleo), bens) == "report"


def test_reported_mark_costs_one_query_and_for_reporters_only(topic, bens, ada, cleo, sign_in):
    report_post(post=bens, by=cleo, reason="spam")
    counts = []
    for person in (cleo, ada):
        client = sign_in(person)
        client.get(topic.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(topic.get_absolute_url())
        counts.append(len(captured))
    assert counts == [4, 3]
