"""The URLs of acts on members, for tests/site/expectations.py, which explains the words."""

TABLE = """
/moderation/members/                    | sign-in 404 404 200 200 | 405
/moderation/members/ben/                | sign-in 404 404 200 200 | 405
/moderation/members/noor/               | sign-in 404 404 200 200 | 405
/moderation/members/nobody/             | sign-in 404 404 404 404 | 405
/moderation/members/ben/warn/           | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/members/noor/warn/          | sign-in 404 404 403 403 | 403 404 404 403 403
/moderation/members/ben/silence/        | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/members/ben/suspend/        | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/members/mia/suspend/        | sign-in 404 404 403 200 | 403 404 404 403 done
/moderation/members/cleo/lift/{warning}/ | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/members/ben/lift/{warning}/ | sign-in 404 404 404 404 | 403 404 404 404 404
/moderation/members/ben/note/           | 405 | 403 404 404 done done
/moderation/members/mia/note/           | 405 | 403 404 404 403 done
/moderation/members/ben/look-up/        | sign-in 404 404 200 200 | 403 404 404 told told
/moderation/members/ada/remove-everything/ | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/look-up/                    | sign-in 404 404 200 200 | 403 404 404 told told
/manage/members/{ben}/sections/         | sign-in 404 404 404 200 | 403 404 404 404 done
/account/standing/                      | sign-in 200 200 200 200 | 405
"""

FIELDS = {
    "/members/{ben}/sections/": {"where": "all"},
    "/warn/": {"reason": "Be kind.", "how_long": "7"},
    "/silence/": {"reason": "Be kind.", "how_long": "7"},
    "/suspend/": {"reason": "Enough.", "how_long": "good"},
    "/cases/{case}/note/": {"note": "Seen."},
    "/note/": {"text": "Writes at night."},
    "/look-up/": {"said": "@example.org", "why": "The same spam."},
    "/remove-everything/": {"reason": "Spam."},
}
