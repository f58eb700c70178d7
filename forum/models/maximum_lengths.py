"""How long texts may be, in code points with LF for CRLF; forms and columns both enforce it."""

BODY_MAX = 32_000
TITLE_MAX = 150
REASON_MAX = 200
COMMENT_MAX = 2_000
DESCRIPTION_MAX = 2_000
NOTE_MAX = 200
EXCERPT_MAX = 281  # 280 characters and the ellipsis
