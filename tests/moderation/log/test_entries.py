"""The log as staff read it: with all its filters, in pages, quick however long, and each by their sections."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit.log import log_action
from accounts.models import LogEntry, Rule, User
from core.web import keyset_pagination
from forum.models import Section
from moderation.log import entries as log_entries
from moderation.log.entries import LogFilters, visible_entries
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from moderation.topics.pin import pin_topic
from tests.conftest import make_user, start

pytestmark = pytest.mark.django_db


def shown_actions(client, query: str = "") -> list[str]:
    response = client.get(f"/moderation/log/?{query}")
    assert response.status_code == 200
    return [entry.act for entry in response.context["page"].rows]


@pytest.fixture
def logged_topic(topic, bens, news, ada, mia, noor):
    """Events in two sections, by two people, about two members, by two rules, in two months."""
    first, second = Rule.objects.current()[:2]
    close_topic(topic=topic, by=mia, reason="Solved.", rule=first)
    remove_post(post=bens, by=noor, reason="Spam.", rule=second)
    elsewhere = start(news, noor, "News")
    pin_topic(topic=elsewhere, by=mia)
    then = datetime(2026, 3, 31, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    LogEntry.objects.create(
        act="unpin", by=noor, at=then, target_kind="topic", target_id=elsewhere.pk, topic_id=elsewhere.pk,
        section_id=news.pk, member=noor,
    )  # fmt: skip
    return elsewhere


@pytest.mark.slow
def test_log_filters_select_expected_entries(sign_in, logged_topic, topic, talk, news, mia):
    client = sign_in(mia)
    rules = Rule.objects.current()
    for query, acts in {
        "": ["pin", "remove", "close", "unpin"],
        "act=close": ["close"],
        "by=NOOR": ["remove", "unpin"],
        "by=nobody": [],
        "about=ben": ["remove"],
        "about=ada": ["close"],
        f"topic={topic.pk}": ["remove", "close"],
        f"section={news.pk}": ["pin", "unpin"],
        f"rule={rules[1].key}": ["remove"],
        "month=2026-03": ["unpin"],  # in the reader's time zone; in UTC it was April
        "month=2026-04": [],
        f"section={talk.pk}&by=mia&act=": ["close"],
        f"section={talk.pk}&rule={rules[1].key}&by=mia": [],
    }.items():
        assert shown_actions(client, query) == acts, query


def test_rule_filter_covers_all_versions_of_rule(logged_topic, mia):
    from accounts.models import RulesVersion

    rule = Rule.objects.current()[0]
    newer = RulesVersion.objects.create(number=2)
    again = Rule.objects.create(version=newer, number=5, key=rule.key, title="Be kinder")
    log_action("edit", by=mia, target=logged_topic, rule=again)
    found = visible_entries(mia, LogFilters(rule=rule.key))
    assert [entry.act for entry in found] == ["edit", "close"]


@pytest.mark.parametrize(
    "query", ["month=november", "month=9999-12", "topic=x", "act=nothing", "section=987654321", "rule=x"]
)
def test_invalid_filter_shows_field_error_and_no_entries(sign_in, logged_topic, mia, query):
    response = sign_in(mia).get(f"/moderation/log/?{query}")
    assert (response.status_code, 'class="errorlist"' in response.text) == (422, True)
    assert response.context["page"].rows == []


def test_entry_links_to_topic_section_post_and_member(sign_in, logged_topic, topic, talk, bens, mia):
    text = sign_in(mia).get("/moderation/log/?act=remove").text
    for address in (f"/p/{bens.pk}/", f"/t/{topic.pk}/topic/", "/s/talk/", "/u/ben/"):
        assert f'href="{address}"' in text, address
    assert "Rule 2. " in text


@pytest.mark.slow
def test_pagination_neither_skips_nor_repeats_entries_of_same_time(sign_in, topic, ben, mia, monkeypatch):
    monkeypatch.setattr(log_entries, "ROWS_PER_PAGE", 3)
    now = timezone.now()
    for number in range(10):  # ids and times not in the same order
        at = now - timedelta(minutes=number // 4)
        LogEntry.objects.create(act="pin", by=mia, at=at, target_kind="topic", target_id=topic.pk)
    expected = list(LogEntry.objects.order_by("-at", "-pk").values_list("pk", flat=True))
    client, seen, address = sign_in(mia), [], "?by=mia"
    while address:
        response = client.get(f"/moderation/log/{address}")
        seen += [entry.pk for entry in response.context["page"].rows]
        following = re.search(r'rel="next" href="([^"]+)"', response.text)
        address = following and following[1].replace("&amp;", "&")
    assert seen == expected


@pytest.mark.slow
def test_log_page_query_count_does_not_grow_with_entries(sign_in, topic, bens, mia):
    client = sign_in(mia)

    def query_count() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown = shown_actions(client)
        assert len(shown) == LogEntry.objects.count()
        return len(queries)

    highlight_post(post=bens, by=mia)
    unhighlight_post(post=bens, by=mia)
    query_count()
    with_two_entries = query_count()
    for _ in range(3):
        highlight_post(post=bens, by=mia)
        unhighlight_post(post=bens, by=mia)
    assert query_count() == with_two_entries <= 7


# --- Staff of some sections ---


@pytest.mark.slow
def test_section_moderator_sees_only_entries_of_own_sections(
    sign_in, logged_topic, topic, news, mia, noor, ada
):
    log_action("make_moderator", by=noor, target=ada, name="ada")
    limited = make_user("lena", "moderator")
    User.objects.filter(pk=limited.pk).update(moderates=[news.pk])
    client = sign_in(limited)
    assert shown_actions(client) == ["pin", "unpin"]
    assert shown_actions(client, f"topic={topic.pk}") == []
    page = client.get("/moderation/log/")
    assert [section.slug for section in page.context["form"].fields["section"].queryset] == ["news"]
    assert client.get(f"/moderation/log/?section={topic.section_id}").status_code == 422
    assert len(shown_actions(sign_in(mia))) == 5


def test_visible_entries_agrees_with_is_staff_in(logged_topic, news, talk, ada, mia, noor):
    from forum.access.permissions import is_staff_in

    limited = make_user("lena", "moderator")
    limited.moderates = [talk.pk]
    for person in (ada, mia, noor, limited):
        one_by_one = {
            entry.pk
            for entry in LogEntry.objects.all()
            if is_staff_in(person, Section.objects.get(pk=entry.section_id))
        }
        assert set(visible_entries(person).values_list("pk", flat=True)) == one_by_one


# --- A long log ---

INSERT_ENTRIES = """
INSERT INTO accounts_logentry
       (at, act, why, target_kind, target_id, target_name, by_id, topic_id, section_id, member_id, rule_id, facts)
SELECT now() - n * interval '10 minutes', (ARRAY['close', 'reopen', 'remove', 'highlight', 'edit'])[n %% 5 + 1], '',
       'topic', n %% 500, '', %(by)s, n %% 500, n %% 20, %(about)s, CASE WHEN n %% 50 = 0 THEN %(rule)s END, '{}'
  FROM generate_series(1, 20000) AS n
"""


@pytest.mark.slow
def test_every_filter_of_long_log_reads_an_index(talk, ada, mia, noor):
    rule = Rule.objects.current()[0]
    limited = make_user("lena", "moderator")
    limited.moderates = [7, 8, 9]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ENTRIES, {"by": mia.pk, "about": ada.pk, "rule": rule.pk})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE accounts_logentry")
    month = (timezone.now() - timedelta(days=70)).date().replace(day=1)
    for log_filters in (
        LogFilters(),
        LogFilters(act="close"),
        LogFilters(by="mia"),
        LogFilters(about="ada"),
        LogFilters(topic=77),
        LogFilters(section=7),
        LogFilters(rule=rule.key),
        LogFilters(month=month),
        LogFilters(act="close", by="mia", month=month),
        LogFilters(section=7, act="remove"),
        LogFilters(section=7, act="close"),  # of which there is none: one act is searched, in its order
    ):
        for person in (noor, limited):
            entries = visible_entries(person, log_filters)[: keyset_pagination.ROWS_PER_PAGE + 1]
            plan = entries.explain(analyze=True)
            assert "Seq Scan on accounts_logentry" not in plan, plan
            assert rows_read(plan) <= 1_000, plan
    # A page near the end costs what the first one does.
    deep = LogEntry.objects.order_by("-at")[15_000]
    with CaptureQueriesContext(connection) as queries:
        log_entries.log_page(visible_entries(noor), before=deep.pk)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ANALYZE {queries[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert rows_read(plan) <= 1_000, plan


def rows_read(plan: str) -> int:
    return max(int(rows) for rows in re.findall(r"accounts_logentry[^\n]*actual [^)]*rows=(\d+)", plan))


def test_month_field_has_no_placeholder(sign_in, mia):
    """`placeholder` is valid for text fields only."""
    field = re.search(r"<input type=.month.[^>]*>", sign_in(mia).get("/moderation/log/").text)
    assert field
    assert "placeholder" not in field[0]
