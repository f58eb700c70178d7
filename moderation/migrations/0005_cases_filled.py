"""Cases from before know their author, their reporters have numbers, and what was upheld or dismissed has an outcome:
the act of staff that can be seen, or, where there is none, no more than that it was upheld."""

from django.db import migrations

AUTHORS = """
UPDATE moderation_case AS item SET author_id = post.author_id, author_name = author.name
  FROM forum_post AS post JOIN accounts_user AS author ON author.id = post.author_id
 WHERE post.id = item.post_id
"""
NUMBERS = """
UPDATE moderation_report AS report SET number = counted.number
  FROM (SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY id) AS number FROM moderation_report) AS counted
 WHERE counted.id = report.id
"""
OUTCOMES = """
UPDATE moderation_case AS item SET outcome = CASE
    WHEN item.outcome = 'dismissed' THEN 'no_breach'
    WHEN EXISTS (SELECT FROM forum_removal AS removal
                  WHERE removal.post_id = item.post_id AND removal.removed_by_id <> item.author_id) THEN 'removed'
    WHEN EXISTS (SELECT FROM forum_post AS post WHERE post.id = item.post_id
                  AND (post.was_edited_by_staff OR post.edited_by_id <> post.author_id)) THEN 'edited'
    WHEN EXISTS (SELECT FROM forum_closure AS closure JOIN forum_post AS post ON post.topic_id = closure.topic_id
                  WHERE post.id = item.post_id AND closure.closed_by_id = item.settled_by_id) THEN 'closed'
    ELSE 'upheld' END
 WHERE item.outcome <> ''
"""
# The way back, for who must go back to the release before.
BACK = """
UPDATE moderation_case SET outcome = CASE WHEN outcome = 'no_breach' THEN 'dismissed' ELSE 'upheld' END
 WHERE outcome <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_cases"),           ]
    operations = [
        migrations.RunSQL(AUTHORS, migrations.RunSQL.noop),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
        migrations.RunSQL(OUTCOMES, BACK),
    ]
