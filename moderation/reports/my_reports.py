"""Which posts a member has reported, as the page of a topic asks it: it must not import what stands above it, so the
settings name this (MEMBER_REPORTS)."""

# Of the member of `who`: have they ever reported anything?
HAS_REPORTED = "EXISTS (SELECT FROM moderation_report AS told WHERE told.reporter_id = who.member_id)"

# Those of these posts that they reported in cases that are still open.
REPORTED = """
SELECT reported.post_id FROM moderation_case AS reported
  JOIN moderation_report AS told ON told.case_id = reported.id AND told.reporter_id = %(member)s
 WHERE reported.post_id = ANY(%(posts)s) AND reported.settled_at IS NULL
"""
