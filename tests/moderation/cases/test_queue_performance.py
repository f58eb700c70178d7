"""The moderation queue over many cases. The drill has 100,000, a tenth of them open, in ten sections, by two hundred
authors."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from forum.models import Post, Section
from moderation.models import Case, CaseWords
from moderation.reports.search_index import fold_words
from tests.conftest import browser_of, make_user, start
from tests.races.crowd import run_often
from tests.support import costs

AUTHORS, SECTIONS = 200, 10
NEW_POSTS = {
    "topic_id": f"(SELECT id FROM forum_topic ORDER BY id OFFSET n %% {SECTIONS} LIMIT 1)",
    "author_id": f"(SELECT id FROM accounts_user WHERE name = 'author' || (n %% {AUTHORS} + 1))",
    "position": "n + 10",
    "body": "'Lamp number ' || n",
    "html": "'<p>Lamp number ' || n || '</p>'",
    "excerpt": "'Lamp number ' || n",
    "submission_key": "gen_random_uuid()",
}
INSERT_CASES = [
    """INSERT INTO moderation_case (post_id, author_id, author_name, revision, opened_at, first_response_at,
        resolved_at,
         resolved_by_id, resolved_revision, outcome, reason, note, done)
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
QUERY_STRINGS = [
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


def insert_cases(many: int, by) -> None:
    User.objects.bulk_create(
        User(name=f"author{one}", name_key=f"author{one}", email=f"{one}@example.org")
        for one in range(1, AUTHORS + 1)
    )
    columns = [field.column for field in Post._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO forum_post ({', '.join(columns)})"
            f" SELECT {', '.join(NEW_POSTS.get(column, column) for column in columns)}"
            " FROM (SELECT * FROM forum_post ORDER BY id LIMIT 1) AS one, generate_series(1, %(many)s) AS n",
            {"many": many},
        )
        for statement in INSERT_CASES:
            cursor.execute(statement, {"many": many, "by": by.pk})
        for table in (
            "accounts_user",
            "forum_post",
            "moderation_case",
            "moderation_report",
            "moderation_casewords",
        ):
            cursor.execute(f"ANALYZE {table}")


def time_request(client, address: str) -> tuple[float, float]:
    """Returns how long a page took, in seconds, and how much of that its queries."""
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return time.perf_counter() - begun, sum(float(query["time"]) for query in queries)


@pytest.mark.slow
@run_often(500, 100_000)
def test_filtered_queue_pages_are_fast_with_many_cases(db, mia, ada, times):
    for number in range(SECTIONS):
        start(Section.objects.create(name=f"Section {number}", slug=f"s{number}", place=number), mia)
    section = Section.objects.order_by("-pk")[0]
    insert_cases(times, mia)
    assert (Case.objects.count(), CaseWords.objects.count()) == (times, times)
    limited = make_user("otto", "moderator")
    limited.moderates = [section.pk]
    limited.save()
    took = {}
    for who in (mia, limited):
        client = browser_of(who)
        for question in QUERY_STRINGS:
            address = f"/moderation/?{question.format(section=section.pk)}"
            took[who.name, question] = min(
                time_request(client, address) for _ in range(1 if times < 1_000 else 3)
            )
    for (name, question), (seconds, asked) in took.items():
        print(
            f"{times} cases, {name}, ?{question}: {1000 * seconds:.0f} ms, {1000 * asked:.0f} ms of it in the database"
        )
    slowest = max(asked for _, asked in took.values())
    assert slowest < costs.stretch()  # seconds; on an idle machine a tenth of one
    assert fold_words("Lamp number 7") == ["lamp", "number", "7"]
