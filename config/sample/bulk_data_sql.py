"""The statements of `bulk_data.py`, in the order in which they run."""

from forum.search_index.store import FACTS

PREPARE = """
SET LOCAL statement_timeout = 0;
-- References are looked up batch by batch and not all at the very end, so that the progress bar tells the truth.
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TEMP TABLE grown_text (n int, body text, html text, excerpt text, words tsvector);
CREATE TEMP TABLE grown_topic (
    id bigint DEFAULT nextval(pg_get_serial_sequence('forum_topic', 'id')),
    section_id bigint, title text, words tsvector, size int, started_at timestamptz, pace interval
);
DROP INDEX posts_by_word; -- created again at the end: filling it post by post takes several times as long
"""

# Who posts what, where and when. A few members post much, most post little.
PLAN_POSTS = """
CREATE TEMP TABLE grown_post AS
SELECT row_number() OVER (ORDER BY posted_at, topic_id) AS n, post.*
  FROM (SELECT topic.id AS topic_id,
               position,
               topic.started_at + topic.pace * (position - 1 + random() * (position > 1)::int) AS posted_at,
               (%(members)s::bigint[])[1 + floor(random() ^ 2.5 * cardinality(%(members)s::bigint[]))] AS author_id,
               floor(random() * %(texts)s)::int AS text
          FROM grown_topic topic, generate_series(1, topic.size) AS position) post
 ORDER BY n
"""

INDEX_PLAN = "ALTER TABLE grown_post ADD PRIMARY KEY (n); ANALYZE grown_post, grown_text, grown_topic"

WRITE_TOPICS = """
INSERT INTO forum_topic (id, section_id, title, title_version, started_by_id, started_at,
                         last_position, reply_count, last_post_at, last_post_by_id, unread_position, unread_at, version)
SELECT topic.id, topic.section_id, topic.title, 1, first.author_id, first.posted_at,
       topic.size, topic.size - 1, last.posted_at, last.author_id, topic.size, last.posted_at, topic.size
  FROM grown_topic topic
  JOIN grown_post first ON first.topic_id = topic.id AND first.position = 1
  JOIN grown_post last ON last.topic_id = topic.id AND last.position = topic.size
 ORDER BY topic.id
"""

COUNT_TOPICS = """
INSERT INTO forum_sectionversion AS list (section_id, shard, number, topics)
SELECT section_id, id %% %(shards)s, 1, count(*) FROM grown_topic GROUP BY section_id, id %% %(shards)s
    ON CONFLICT (section_id, shard) DO UPDATE SET number = list.number + 1, topics = list.topics + excluded.topics
"""

WRITE_POSTS = """
INSERT INTO forum_post (topic_id, author_id, position, posted_at, body, html, excerpt, renderer,
                        submission_key, version, edit_reason)
SELECT post.topic_id, post.author_id, post.position, post.posted_at, sample.body, sample.html, sample.excerpt,
       %(renderer)s, gen_random_uuid(), 1, ''
  FROM grown_post post
  JOIN grown_text sample ON sample.n = post.text
 WHERE post.n > %(after)s AND post.n <= %(upto)s
 ORDER BY post.n
"""

_facts = FACTS.format(section="topic.section_id", author="post.author_id", at="post.posted_at")
INDEX_POSTS = f"""
INSERT INTO forum_searchentry (post_id, topic_id, posted_at, words, version)
SELECT post.id, post.topic_id, post.posted_at,
       CASE WHEN plan.position = 1 THEN sample.words || topic.words ELSE sample.words END
       || {_facts},
       %(version)s
  FROM grown_post plan
  JOIN forum_post post ON post.topic_id = plan.topic_id AND post.position = plan.position
  JOIN grown_topic topic ON topic.id = plan.topic_id
  JOIN grown_text sample ON sample.n = plan.text
 WHERE plan.n > %(after)s AND plan.n <= %(upto)s
 ORDER BY plan.n
"""  # noqa: S608 - no user input

# All tables: autovacuum never analyzes small ones, and without knowing how few sections there are PostgreSQL reads
# every topic to find the posts of one member (20 s for a profile among a million posts instead of 0.1 s).
FINISH = """
SET LOCAL maintenance_work_mem = '512MB';
CREATE INDEX posts_by_word ON forum_searchentry USING gin (words) WITH (fastupdate = off);
DROP TABLE grown_post, grown_topic, grown_text;
ANALYZE;
"""
