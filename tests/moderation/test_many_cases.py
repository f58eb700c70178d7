"""The desk over many cases. The drill has 100,000, a tenth of them open, in ten sections, by two hundred authors."""

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.models import Section
from moderation.case_search import words_of
from moderation.models import Case, CaseWords
from tests.conftest import browser_of, make_user, start
from tests.races.crowd import run_often

AUTHORS, SECTIONS = 200, 10
GROW = [
    """INSERT INTO accounts_user (name, name_key, email, password, role, about, about_html, time_zone, picture, version,
         joined_at, caught_up_at, is_active)
       SELECT 'author' || n, 'author' || n, n || '@example.org', '', 'member', '', '', '', '', 1,
         now() - interval '1 year', now(), true FROM generate_series(1, 200) AS n""",
    """INSERT INTO forum_post (topic_id, author_id, position, posted_at, body, html, excerpt, renderer, submission_key,
         version, edit_reason)
       SELECT (SELECT id FROM forum_topic ORDER BY id OFFSET n %% 10 LIMIT 1),
         (SELECT id FROM accounts_user WHERE name = 'author' || (n %% 200 + 1)), n + 10, now(),
         'Lamp number ' || n, '<p>Lamp number ' || n || '</p>', 'Lamp number ' || n, 1, gen_random_uuid(), 1, ''
       FROM generate_series(1, %(many)s) AS n""",
    """INSERT INTO moderation_case (post_id, author_id, author_name, revision, opened_at, first_looked_at, settled_at,
         settled_by_id, settled_revision, outcome, reason, note, done)
       SELECT id, author_id, 'author', 1, now() - interval '1 minute' * (%(many)s - row), done, done,
         CASE WHEN row %% 10 > 0 THEN %(by)s END, CASE WHEN row %% 10 > 0 THEN 1 END,
         CASE WHEN row %% 10 > 0 THEN 'no_breach' ELSE '' END, '', '', '{}'
       FROM (SELECT id, author_id, row,
               CASE WHEN row %% 10 > 0
                    THEN now() - interval '1 minute' * (%(many)s - row) + interval '1 hour' END AS done
             FROM (SELECT id, author_id, row_number() OVER (ORDER BY id) AS row FROM forum_post WHERE position > 10)
               AS post) AS post""",
    """INSERT INTO moderation_report (case_id, reporter_id, number, revision, reason, comment, reported_at)
       SELECT item.id, (SELECT id FROM accounts_user WHERE name = 'author' || (item.id %% 200 + 1)), 1, 1,
         CASE WHEN item.id %% 1000 = 0 THEN 'illegal' ELSE 'spam' END, '', item.opened_at
       FROM moderation_case AS item""",
    """INSERT INTO moderation_casewords (case_id, words)
       SELECT item.id, array_to_tsvector(ARRAY['lamp', 'number', (post.position - 10)::text])
       FROM moderation_case AS item JOIN forum_post AS post ON post.id = item.post_id""",
]
QUESTIONS = [
    "",
    "state=open",
    "state=claimed",
    "state=appealed",
    "state=settled",
    "state=all",
    "section={section}",
    "state=all&section={section}",
    "reason=illegal",
    "state=all&reason=illegal",
    "age=168",
    "mine=1",
    "state=all&member=author7",
    "state=all&q=lamp",
    "state=all&q=lamp+777",
    "q=777",
]


def grow(many: int, by) -> None:
    with connection.cursor() as cursor:
        for statement in GROW:
            cursor.execute(statement, {"many": many, "by": by.pk})
        for table in (
            "accounts_user",
            "forum_post",
            "moderation_case",
            "moderation_report",
            "moderation_casewords",
        ):
            cursor.execute(f"ANALYZE {table}")


@run_often(500, 100_000)
def test_each_page_of_the_desk_is_quick(db, mia, ada, times):
    for number in range(SECTIONS):
        start(Section.objects.create(name=f"Section {number}", slug=f"s{number}", place=number), mia)
    section = Section.objects.order_by("-pk")[0]
    grow(times, mia)
    assert (Case.objects.count(), CaseWords.objects.count()) == (times, times)
    limited = make_user("otto", "moderator")
    limited.moderates = [section.pk]
    limited.save()
    took = {}
    for who in (mia, limited):
        client = browser_of(who)
        for question in QUESTIONS:
            address = f"/moderation/?{question.format(section=section.pk)}"
            client.get(address)
            begun = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked = sum(float(query["time"]) for query in queries)
            took[who.name, question] = (time.perf_counter() - begun, asked)
    for (name, question), (seconds, asked) in took.items():
        print(
            f"{times} cases, {name}, ?{question}: {1000 * seconds:.0f} ms, {1000 * asked:.0f} ms of it in the database"
        )
    assert max(asked for _, asked in took.values()) < 1
    assert words_of("Lamp number 7") == ["lamp", "number", "7"]
