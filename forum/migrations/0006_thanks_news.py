"""In topics from before, every post that stands is news."""

from django.db import migrations

NEWS = """
UPDATE forum_topic AS topic SET news_position = post.position, news_at = post.posted_at
  FROM (SELECT DISTINCT ON (topic_id) topic_id, position, posted_at FROM forum_post
         WHERE position = 1 OR NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = forum_post.id)
         ORDER BY topic_id, position DESC) AS post
 WHERE post.topic_id = topic.id
"""


class Migration(migrations.Migration):
    dependencies = [("forum", "0005_thanks")]
    operations = [migrations.RunSQL(NEWS, migrations.RunSQL.noop)]
