"""Counts a forum again: do the counters match the posts?"""

# ruff: noqa: S608 - constants of this module

from django.db import connection, transaction

# A position in a topic has a post, or a stub that says where its post was moved.
POSITIONS = """(SELECT topic_id, position FROM forum_post
              UNION ALL SELECT topic_id, position FROM forum_movedpoststub) AS occupied"""
VISIBLE = "(position = 1 OR NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = post.id))"
# Each query counts the topics, or posts, that the phrase describes.
CHECKS = {
    "topics with a wrong last position": f"""
        SELECT count(*) FROM forum_topic topic
          LEFT JOIN (SELECT topic_id, max(position) AS last FROM {POSITIONS} GROUP BY topic_id) post
            ON post.topic_id = topic.id
         WHERE topic.last_position IS DISTINCT FROM post.last""",
    "topics with a gap in their positions": f"""
        SELECT count(*) FROM (SELECT 1 FROM {POSITIONS} GROUP BY topic_id
                              HAVING min(position) <> 1 OR max(position) <> count(*)) topic""",
    "topics with a wrong number of replies": """
        SELECT count(*) FROM forum_topic topic
          LEFT JOIN (SELECT topic_id, count(*) AS visible FROM forum_post post
                      WHERE position > 1
                        AND NOT EXISTS (SELECT FROM forum_removal WHERE forum_removal.post_id = post.id)
                      GROUP BY topic_id) post
            ON post.topic_id = topic.id
         WHERE topic.reply_count <> coalesce(post.visible, 0)""",
    "topics whose start does not match their original post": """
        SELECT count(*) FROM forum_topic topic
          JOIN forum_post post ON post.topic_id = topic.id AND post.position = 1
         WHERE (topic.started_at, topic.started_by_id) <> (post.posted_at, post.author_id)""",
    "topics whose newest post does not match their visible posts": f"""
        SELECT count(*) FROM forum_topic topic
          JOIN (SELECT DISTINCT ON (topic_id) topic_id, posted_at, author_id FROM forum_post post
                 WHERE {VISIBLE} ORDER BY topic_id, posted_at DESC, position DESC) post
            ON post.topic_id = topic.id
         WHERE (topic.last_post_at, topic.last_post_by_id) <> (post.posted_at, post.author_id)""",
    "topics whose newest unread position does not match their posts": f"""
        SELECT count(*) FROM forum_topic topic
          JOIN (SELECT post.topic_id, max(post.position) AS position, max(post.posted_at) AS posted_at
                  FROM forum_post post
                  JOIN forum_topic ON forum_topic.id = post.topic_id
                  JOIN forum_section section ON section.id = forum_topic.section_id
                 WHERE {VISIBLE} AND NOT (post.folds AND section.fold_thanks)
                 GROUP BY post.topic_id) post
            ON post.topic_id = topic.id
         WHERE (topic.unread_position, topic.unread_at) <> (post.position, post.posted_at)""",
    "posts with a wrong number of thanks": """
        SELECT count(*) FROM forum_post post
          LEFT JOIN (SELECT post_id, count(*) AS thanked FROM forum_thanks GROUP BY post_id) thanks
            ON thanks.post_id = post.id
         WHERE post.thanked <> coalesce(thanks.thanked, 0)""",
    "poll options with a wrong number of votes": """
        SELECT count(*) FROM forum_polloption option
          LEFT JOIN (SELECT option_id, count(*) AS votes FROM forum_vote GROUP BY option_id) vote
            ON vote.option_id = option.id
         WHERE option.votes <> coalesce(vote.votes, 0)""",
    "polls with a wrong number of voters": """
        SELECT count(*) FROM forum_poll poll
          LEFT JOIN (SELECT poll_id, count(DISTINCT member_id) AS voters FROM forum_vote GROUP BY poll_id) vote
            ON vote.poll_id = poll.id
         WHERE poll.voters <> coalesce(vote.voters, 0)""",
    "votes that do not match the poll of their option": """
        SELECT count(*) FROM forum_vote vote
          JOIN forum_polloption option ON option.id = vote.option_id
          JOIN forum_poll poll ON poll.id = option.poll_id
         WHERE (vote.poll_id, vote.is_single_choice) <> (poll.id, NOT poll.is_multiple)""",
    "members with a wrong number of pending posts": """
        SELECT count(*) FROM accounts_user member
          LEFT JOIN (SELECT author_id, count(*) AS pending FROM forum_pendingpost
                      WHERE resolved_at IS NULL GROUP BY author_id) text
            ON text.author_id = member.id
         WHERE member.texts_waiting <> coalesce(text.pending, 0)""",
    "sections with a wrong number of topics": """
        SELECT count(*) FROM forum_section section
         WHERE (SELECT count(*) FROM forum_topic
                 WHERE section_id = section.id AND NOT is_removed AND NOT is_merged)
            <> (SELECT coalesce(sum(topics), 0) FROM forum_sectionversion WHERE section_id = section.id)""",
    "posts older than the one before them": """
        SELECT count(*)
          FROM (SELECT posted_at, lag(posted_at) OVER (PARTITION BY topic_id ORDER BY position) AS before
                  FROM forum_post WHERE moved_at IS NULL) post
         WHERE posted_at < before""",
    "posts whose search entry is missing or must not exist": """
        SELECT count(*) FROM forum_post post
          LEFT JOIN forum_removal removal ON removal.post_id = post.id
          LEFT JOIN forum_searchentry entry ON entry.post_id = post.id
         WHERE (removal.post_id IS NULL) <> (entry.post_id IS NOT NULL)""",
    "search entries that do not match their posts": """
        SELECT count(*) FROM forum_searchentry entry
          JOIN forum_post post ON post.id = entry.post_id
          JOIN forum_topic topic ON topic.id = post.topic_id
         WHERE (entry.topic_id, entry.posted_at) <> (post.topic_id, post.posted_at)
            OR NOT entry.words @@ (
                   '''@s' || topic.section_id || ''' & ''@a' || post.author_id || '''')::tsquery
            OR entry.words @@ '''@h'''::tsquery <> EXISTS (
                   SELECT FROM forum_highlight highlight WHERE highlight.post_id = post.id)
            OR entry.words @@ '''@i'''::tsquery <> (position('<img' IN post.html) > 0)""",
    "posts with missing revisions": """
        SELECT count(*) FROM forum_post post
          LEFT JOIN (SELECT post_id, count(*) AS revisions FROM forum_revision GROUP BY post_id) revision
            ON revision.post_id = post.id
         WHERE post.version - 1 <> coalesce(revision.revisions, 0)""",
}


def faults() -> list[str]:
    """Returns the mismatches with their number; an empty list if all is well."""
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # each of these reads the whole forum
        for description, query in CHECKS.items():
            cursor.execute(query)
            (number,) = cursor.fetchone()
            if number:
                found.append(f"{number:,} {description}")
    return found
