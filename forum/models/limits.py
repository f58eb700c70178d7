"""Limits. Lengths are in code points, with LF for CRLF; forms and columns both enforce them."""

from datetime import timedelta

BODY_MAX = 32_000
TITLE_MAX = 150
REASON_MAX = 200
COMMENT_MAX = 2_000
DESCRIPTION_MAX = 2_000
NOTE_MAX = 200

OPTION_MAX = 100  # of a poll
OPTIONS_PER_POLL = 10

POSTS_PER_PAGE = 20
TOPICS_PER_PAGE = 30
HIGHLIGHTS_PER_TOPIC = 10
EXCERPT_MAX = 281  # 280 characters and the ellipsis
DRAFTS_PER_MEMBER = 100

AUTO_CLOSE_DAYS_MAX = 365  # without a reply
MAX_AHEAD = timedelta(days=5 * 366)  # of an auto-close, and of the end of a pin

ATTACHMENTS_PER_POST = 20
FILE_NAME_MAX = 150
