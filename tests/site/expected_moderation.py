"""The responses of the pages of the moderation queue, the log and the rules, for whom, and what their forms need;
expectations.py says how to read it."""

TABLE = """
/moderation/                            | sign-in 404 404 200 200 | 405
/moderation/settled/                    | sign-in 404 404 200 200 | 405
/moderation/log/                        | sign-in 404 404 200 200 | 405
/moderation/log/{entry}/                | sign-in 404 404 200 200 | 405
/moderation/log/{entry}/undo/           | 405 | 403 404 404 done done
/moderation/log/undo/                   | 405 | 403 404 404 done done
/moderation/log/{nothing}/              | sign-in 404 404 404 404 | 405
/moderation/log/{nothing}/undo/         | 405 | 403 404 404 404 404
/transparency/                          | 200 | 405
/moderation/cases/{case}/               | sign-in 404 404 200 200 | 405
/moderation/cases/{case}/settle/        | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/cases/{judged_case}/settle/ | sign-in 404 404 200 200 | 403 404 404 409 409
/moderation/cases/{case}/claim/         | 405 | 403 404 404 done done
/moderation/cases/{judged_case}/claim/  | 405 | 403 404 404 409 409
/moderation/cases/{case}/release/       | 405 | 403 404 404 302 302
/moderation/cases/{case}/note/          | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/cases/{case}/reporters/1/write/ | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/cases/{case}/reporters/1/unmask/ | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/cases/{case}/reporters/1/mute/ | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/cases/{case}/reporters/7/mute/ | sign-in 404 404 404 404 | 403 404 404 404 404
/moderation/cases/{appealed_case}/decide/ | sign-in 404 404 200 200 | 403 404 404 done done
/moderation/cases/{case}/decide/        | sign-in 404 404 200 200 | 403 404 404 403 403
/moderation/reporters/                  | sign-in 404 404 200 200 | 405
/moderation/mutes/{mute}/lift/          | 405 | 403 404 404 done done
/moderation/mutes/{nothing}/lift/       | 405 | 403 404 404 404 404
/reports/                               | sign-in 200 200 200 200 | 405
/reports/{report}/                      | sign-in 200 404 404 404 | 403 done 404 404 404
/appeals/{judged_case}/                 | sign-in 404 200 404 404 | 403 404 done 404 404
/appeals/{case}/                        | sign-in 404 404 404 404 | 403 404 404 404 404
/manage/rules/                          | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/pages/                          | sign-in 404 404 404 200 | 405
/manage/pages/contact/                  | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/pages/imprint/                  | sign-in 404 404 404 404 | 403 404 404 404 404
/rules/                                 | 200 | 405
/rules/1/                               | 200 | 405
/rules/2/                               | 404 | 405
/privacy/                               | 200 | 405
/contact/                               | 200 | 405
/inbox/                                 | sign-in 200 200 200 200 | 405
/inbox/read/                            | 405 | 403 done done 302 302
/inbox/{notice}/open/                   | 405 | 403 404 done 404 404
/inbox/{notice}/read/                   | 405 | 403 404 done 404 404
/inbox/{read_notice}/unread/            | 405 | 403 404 done 404 404
/moderation/waiting/                    | sign-in 404 404 200 200 | 405
/moderation/waiting/let-in/             | 405 | 403 404 404 done done
/moderation/waiting/refuse/             | sign-in 404 404 200 200 | 403 404 404 done done
"""

FIELDS = {
    "/settle/": {"outcome": "no_breach"},
    "/write/": {"body": "Which?"},
    "/unmask/": {"reason": "A threat."},
    "/mute/": {"reason": "Nothing."},
    "/decide/": {"decision": "upheld", "reason": "It stands."},
    "/appeals/{judged_case}/": {"body": "Why?"},
    "/reports/{report}/": {"body": "More."},
    "/let-in/": {"waiting": "{waiting}"},
    "/refuse/": {"waiting": "{waiting}", "reason": "Spam."},
    "/moderation/log/undo/": {"entry": "{entry}"},
    "/manage/rules/": {"based_on": "1", "title_0": "Be kind"},
    "/manage/pages/contact/": {"text": "Ring twice."},
}
