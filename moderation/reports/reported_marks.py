"""SQL for the posts that a member has reported. The topic page, which must not import this app, gets it through the
setting MEMBER_REPORTS."""

# Whether the member of `who` has ever reported anything.
HAS_REPORTED = "EXISTS (SELECT FROM moderation_report AS report WHERE report.reporter_id = who.member_id)"

# Which of these posts they have reported in cases that are still open.
REPORTED = """
SELECT reported.post_id FROM moderation_case AS reported
  JOIN moderation_report AS report ON report.case_id = reported.id AND report.reporter_id = %(member)s
 WHERE reported.post_id = ANY(%(posts)s) AND reported.resolved_at IS NULL
"""
