"""The part of the table in expectations.py about acts on whole topics, and what their forms need."""

TABLE = """
# Whole topics
/t/{topic}/a/timer/                     | sign-in 403 403 200 200 | 403 403 403 done done
/t/{closed}/a/timer/                    | sign-in 403 403 409 409 | 403 403 403 409 409
/t/{timed}/a/timer/stop/                | 405 | 403 403 403 done done
/t/{topic}/a/slow/                      | sign-in 403 403 200 200 | 403 403 403 done done
/t/{topic}/a/remove/                    | sign-in 403 403 200 200 | 403 403 403 done done
/t/{pinned}/a/remove/                   | sign-in 403 200 200 200 | 403 403 done done done
/t/{hidden}/a/remove/                   | sign-in 404 404 200 200 | 403 404 404 done done
/t/{gone}/gone/                         | 404 404 404 200 200 | 405
/t/{gone}/gone/reply/                   | sign-in 404 404 403 403 | 403 404 404 403 403
/t/{gone}/gone/feed/                    | 404 | 405
/t/{gone}/gone/restore/                 | sign-in 404 404 200 200 | 403 404 404 done done
/p/{gone_post}/                         | 404 404 404 302 302 | 405
/t/{topic}/a/move/                      | sign-in 403 403 200 200 | 403 403 403 done done
/t/{hidden}/a/move/                     | sign-in 404 404 200 200 | 403 404 404 done done
/t/{slowed}/a/merge/                    | sign-in 403 403 200 200 | 403 403 403 done done
/t/{polled}/a/merge/                    | sign-in 403 403 200 200 | 403 403 403 422 422
/t/{merged}/merged/                     | 301 | 405
/t/{merged}/merged/feed/                | 302 | 405
/t/{merged}/merged/reply/               | sign-in 302 302 302 302 | 403 409 409 409 409
/t/{topic}/a/select/                    | sign-in 403 403 200 200 | 405
/t/{topic}/a/split/                     | sign-in 403 403 200 200 | 403 403 403 done done
/t/{topic}/a/move-posts/                | sign-in 403 403 200 200 | 403 403 403 done done
/t/{topic}/a/remove-posts/              | sign-in 403 403 200 200 | 403 403 403 done done
/t/{topic}/a/staff-reply/               | sign-in 403 403 200 200 | 403 403 403 done done
/t/{topic}/a/staff-reply/{said}/take-back/ | 405 | 403 403 403 done done
/s/talk/select/                         | sign-in 403 403 200 200 | 405
/s/staff-room/select/                   | sign-in 404 404 200 200 | 405
/s/talk/close/                          | sign-in 403 403 200 200 | 403 403 403 done done
/s/talk/reopen/                         | sign-in 403 403 200 200 | 403 403 403 done done
/s/talk/pin/                            | sign-in 403 403 200 200 | 403 403 403 done done
/s/talk/unpin/                          | sign-in 403 403 200 200 | 403 403 403 done done
/s/talk/move/                           | sign-in 403 403 200 200 | 403 403 403 done done
/s/talk/remove/                         | sign-in 403 403 200 200 | 403 403 403 done done
"""

FIELDS = {
    "/reopen/": {"reason": "Not solved."},
    "/timer/": {"days": "14"},
    "/slow/": {"minutes": "10"},
    "/move/": {"section": "{elsewhere}"},
    "/s/talk/move/": {"section": "{elsewhere}", "topic": "{other}"},
    "/s/talk/close/": {"reason": "Old.", "topic": "{other}"},
    "/s/talk/remove/": {"reason": "Old.", "topic": "{other}"},
    "/s/talk/pin/": {"topic": "{other}"},
    "/s/talk/reopen/": {"reason": "Not solved.", "topic": "{closed}"},
    "/s/talk/unpin/": {"topic": "{pinned}"},
    "/merge/": {"into": "/t/{other}/other/"},
    "/split/": {"post": "{chosen}", "title": "Besides", "section": "{elsewhere}"},
    "/move-posts/": {"post": "{chosen}", "into": "/t/{other}/other/"},
    "/remove-posts/": {"post": "{chosen}", "reason": "Off topic."},
    "/staff-reply/": {"post": "{chosen}", "body": "Among us too."},
}
