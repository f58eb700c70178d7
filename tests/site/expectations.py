"""The expected response of every URL of Belfry, by role. One line per URL:

    address | GET | POST

`GET` and `POST` have one response for everybody, or five: for a guest, a member, the author, a moderator, an admin. A
response is a status, or

    sign-in   302 to the sign-in page, which redirects back here
    done      302, and the act has changed the database
    told      200 to a POST that has inserted a row: its result is on this page alone

Everything but `done` and `told` leaves every table unchanged, except for the mark that a member's GET of a topic's
read/ URL leaves (forum.read_state.views.read says why). A HEAD gets the same response as the GET; no methods but GET,
HEAD and POST are allowed. A member who has not confirmed their address is a guest, except for what UNVERIFIED says.
"""

from dataclasses import dataclass
from uuid import uuid4

from forum.antispam.forms import NewMemberLimitsForm
from tests.conftest import PASSWORD
from tests.site import expected_members, expected_moderation, expected_topics
from tests.site.world import ROLES

TABLE = """
/                                       | 200 | 405
/livez                                  | 200 | 405
/readyz                                 | 503 | 405
/theme/                                 | 405 | 302
/javascript-catalog/                    | 200 | 405
/robots.txt                             | 200 | 405
/favicon.ico                            | 200 | 405

# The forum
/s/talk/                                | 200 | 405
/s/staff-room/                          | 404 404 404 200 200 | 405
/s/nowhere/                             | 404 | 405
/s/talk/feed/                           | 200 | 405
/s/staff-room/feed/                     | 404 | 405
/s/talk/new/                            | sign-in 200 200 200 200 | 403 done done done done
/s/staff-room/new/                      | sign-in 404 404 200 200 | 403 404 404 done done
/s/attic/new/                           | sign-in 403 403 403 403 | 403
/t/{topic}/a/                           | 200 | 405
/t/{topic}/another-slug/                | 301 | 405
/t/{hidden}/hidden/                     | 404 404 404 200 200 | 405
/t/{nothing}/hidden/                    | 404 | 405
/t/{topic}/a/reply/                     | sign-in 200 200 200 200 | 403 done done done done
/t/{closed}/a/reply/                    | sign-in 409 409 409 409 | 403 409 409 409 409
/t/{hidden}/a/reply/                    | sign-in 404 404 200 200 | 403 404 404 done done
/t/{topic}/a/edit/                      | sign-in 403 200 200 200 | 403 403 done done done
/t/{closed}/a/edit/                     | sign-in 403 409 200 200 | 403 403 409 done done
/t/{hidden}/a/edit/                     | sign-in 404 404 200 200 | 403 404 404 done done
/t/{topic}/a/unread/                    | sign-in 302 302 302 302 | 405
/t/{hidden}/a/unread/                   | sign-in 404 404 302 302 | 405
/t/{nothing}/a/unread/                  | sign-in 404 404 404 404 | 405
/t/{topic}/a/read/                      | sign-in 400 400 400 400 | 403 204 204 204 204
/t/{hidden}/a/read/                     | sign-in 404 404 400 400 | 403 404 404 204 204
/t/{topic}/a/official/                  | 200 | 405
/t/{hidden}/a/official/                 | 404 404 404 200 200 | 405
/t/{topic}/any-slug/feed/               | 200 | 405
/t/{hidden}/a/feed/                     | 404 | 405
/feeds/                                 | 200 | 405
/feeds/announcements/                   | 200 | 405
/feeds/highlights/                      | 200 | 405
/t/{topic}/a/record/                    | 200 | 405
/t/{hidden}/a/record/                   | 404 404 404 200 200 | 405
/t/{topic}/a/since/                     | sign-in 200 200 200 200 | 405
/t/{hidden}/a/since/                    | sign-in 404 404 200 200 | 405
/t/{polled}/a/vote/                     | 405 | 403 done done done done
/t/{over}/a/vote/                       | 405 | 403 409 409 409 409
/t/{topic}/a/vote/                      | 405 | 403 404 404 404 404
/t/{hidden}/a/vote/                     | 405 | 403 404 404 done done
/t/{over}/a/unvote/                     | 405 | 403 409 409 409 409
/t/{voted}/a/unvote/                    | 405 | 403 done done done done
/t/{hidden}/a/unvote/                   | 405 | 403 404 404 302 302
/preview/                               | sign-in 302 302 302 302 | 403 404 404 404 404
/drafts/                                | sign-in 200 200 200 200 | 405
/drafts/save/                           | sign-in 302 302 302 302 | 403 done done done done
/drafts/{draft}/                        | sign-in 404 200 404 404 | 405
/drafts/{draft}/discard/                | 405 | 403 404 done 404 404
/search/                                | 200 | 405
/unread/                                | sign-in 200 200 200 200 | 405
/unread/read/                           | 405 | 403 done done done done
/p/{answer}/                            | 302 | 405
/p/{removed}/                           | 302 | 405
/p/{hidden_post}/                       | 404 404 404 302 302 | 405
/p/{answer}/edit/                       | sign-in 403 200 200 200 | 403 403 done done done
/p/{closed_post}/edit/                  | sign-in 403 409 200 200 | 403 403 409 done done
/p/{removed}/edit/                      | sign-in 404 403 200 200 | 403 404 403 done done
/p/{hidden_post}/edit/                  | sign-in 404 404 200 200 | 403 404 404 done done
/p/{answer}/history/                    | 200 | 405
/p/{removed}/history/                   | 404 404 200 200 200 | 405
/p/{hidden_post}/history/               | 404 404 404 200 200 | 405
/p/{highlighted}/thank/                 | 405 | 403 done 403 done done
/p/{closed_post}/thank/                 | 405 | 403 done 403 done done
/p/{removed}/thank/                     | 405 | 403 404 403 403 403
/p/{hidden_post}/thank/                 | 405 | 403 404 404 403 done
/p/{answer}/unthank/                    | 405 | 403 done 403 done done
/p/{hidden_post}/unthank/               | 405 | 403 404 404 403 302
/p/{thanks}/unfold/                     | 405 | 403 403 done done done
/p/{hidden_post}/unfold/                | 405 | 403 404 404 302 302
/p/{highlighted}/save/                  | sign-in 200 200 200 200 | 403 done done done done
/p/{removed}/save/                      | sign-in 404 200 200 200 | 403 404 done done done
/p/{hidden_post}/save/                  | sign-in 404 404 200 200 | 403 404 404 done done
/p/{answer}/unsave/                     | 405 | 403 done done done done
/p/{hidden_post}/unsave/                | 405 | 403 404 404 302 302
/waiting/{waiting}/                     | sign-in 404 200 200 200 | 405
/waiting/{hidden_waiting}/              | sign-in 404 404 200 200 | 405
/waiting/{waiting}/take-back/           | 405 | 403 404 done 403 403
/waiting/{hidden_waiting}/take-back/    | 405 | 403 404 404 done 403
/saved/                                 | sign-in 200 200 200 200 | 405
/a/{picture}/                           | 200 | 405
/a/{picture}/480/                       | 200 | 405
/a/{picture}/481/                       | 404 | 405
/a/{unused}/                            | 404 404 200 404 404 | 405
/a/{hidden_picture}/480/                | 404 404 404 200 200 | 405
/a/{removed_picture}/                   | 404 404 200 200 200 | 405
/a/00000000000000000000000000000000/    | 404 | 405
/attachments/                           | 405 | 403 422 422 422 422
/picture/{face}/96/                     | 200 | 405
/picture/{face}/95/                     | 404 | 405
/suggest/members/                       | sign-in 200 200 200 200 | 405
/p/{answer}/quote/                      | sign-in 302 302 302 302 | 405
/p/{closed_post}/quote/                 | sign-in 409 409 409 409 | 405
/p/{removed}/quote/                     | sign-in 404 403 403 403 | 405
/p/{hidden_post}/quote/                 | sign-in 404 404 302 302 | 405
/u/ada/                                 | 200 | 405
/u/nobody/                              | 404 | 405

# What members and staff do about posts
/p/{answer}/report/                     | sign-in 200 403 200 200 | 403 done 403 done done
/p/{removed}/report/                    | sign-in 404 403 403 403 | 403 404 403 403 403
/p/{hidden_post}/report/                | sign-in 404 404 403 200 | 403 404 404 403 done
/p/{answer}/highlight/                  | sign-in 403 403 200 200 | 403 403 403 done done
/p/{hidden_post}/highlight/             | sign-in 404 404 200 200 | 403 404 404 done done
/p/{highlighted}/unhighlight/           | 405 | 403 403 403 done done
/p/{answer}/remove/                     | sign-in 403 200 200 200 | 403 403 done done done
/p/{original}/remove/                   | sign-in 403 403 200 200 | 403 403 403 done done
/p/{closed_post}/remove/                | sign-in 403 409 200 200 | 403 403 409 done done
/p/{hidden_post}/remove/                | sign-in 404 404 200 200 | 403 404 404 done done
/p/{removed}/restore/                   | 405 | 403 404 done done done
/p/{edited}/history/2/hide/             | sign-in 403 403 200 200 | 403 403 403 done done
/p/{edited}/history/1/hide/             | sign-in 403 403 302 302 | 403 403 403 302 302
/p/{edited}/history/3/hide/             | sign-in 403 403 409 409 | 403 403 403 409 409
/p/{edited}/history/9/hide/             | sign-in 403 403 404 404 | 403 403 403 404 404
/p/{hidden_post}/history/1/hide/        | sign-in 404 404 409 409 | 403 404 404 409 409
/p/{edited}/history/1/show/             | 405 | 403 403 403 done done
/p/{edited}/history/2/show/             | 405 | 403 403 403 302 302
/p/{hidden_post}/history/1/show/        | 405 | 403 404 404 302 302
/t/{topic}/a/close/                     | sign-in 403 403 200 200 | 403 403 403 done done
/t/{hidden}/a/close/                    | sign-in 404 404 200 200 | 403 404 404 done done
/t/{closed}/a/reopen/                   | sign-in 403 403 200 200 | 403 403 403 done done
/t/{topic}/a/pin/                       | sign-in 403 403 200 200 | 403 403 403 done done
/t/{pinned}/a/unpin/                    | 405 | 403 403 403 done done

# Admins
/manage/                                | sign-in 404 404 404 302 | 405
/manage/sections/                       | sign-in 404 404 404 200 | 405
/manage/sections/new/                   | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/sections/{section}/             | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/sections/{secret}/up/           | 405 | 403 404 404 404 done
/manage/sections/{section}/down/        | 405 | 403 404 404 404 done
/manage/sections/{section}/archive/     | 405 | 403 404 404 404 done
/manage/sections/{attic}/unarchive/     | 405 | 403 404 404 404 done
/manage/words/                          | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/words/{word}/remove/            | 405 | 403 404 404 404 done
/manage/new-members/                    | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/members/                        | sign-in 404 404 404 200 | 405
/manage/members/{ben}/                  | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/members/{ada}/remove-picture/   | sign-in 404 404 200 200 | 403 404 404 done done
/manage/groups/                         | sign-in 404 404 404 200 | 403 404 404 404 done
/manage/groups/{group}/                 | sign-in 404 404 404 200 | 405
/manage/groups/{group}/rename/          | 405 | 403 404 404 404 done
/manage/groups/{group}/delete/          | 405 | 403 404 404 404 done
/manage/groups/{group}/add/             | 405 | 403 404 404 404 done
/manage/groups/{group}/members/{ben}/take/ | 405 | 403 404 404 404 done

# One's own account
/account/                               | sign-in 302 302 302 302 | 405
/account/settings/                      | sign-in 200 200 200 200 | 403 done done done done
/account/picture/                       | sign-in 200 200 200 200 | 403 422 422 422 422
/account/picture/remove/                | 405 | 403 302 done 302 302
/account/name/                          | sign-in 200 200 200 200 | 403 done done done done
/account/login/                         | 200 302 302 302 302 | done 302 302 302 302
/account/signup/                        | 200 302 302 302 302 | done 302 302 302 302
/account/logout/                        | 302 200 200 200 200 | 302
/account/inactive/                      | 200 | 405
/account/confirm-email/                 | 302 | 302
/account/reauthenticate/                | sign-in 200 200 200 200 | sign-in 302 302 302 302
/account/email/                         | sign-in 200 200 200 200 | sign-in 302 302 302 302
/account/password/change/               | sign-in 200 200 200 200 | sign-in done done done done
/account/password/set/                  | sign-in 302 302 302 302 | sign-in 302 302 302 302
/account/password/reset/                | 200 | 302
/account/password/reset/confirm/        | 302 | 302
/account/password/reset/complete/       | 302 | 302
/account/password/reset/done/           | 200 | 405
/account/login/code/confirm/            | 302 | 302

# Second factors. Ada has a key, so hers is not the only page that asks for a factor.
/account/2fa/                           | sign-in 200 200 200 200 | sign-in 405 405 405 405
/account/2fa/authenticate/              | 302 | 302
/account/2fa/reauthenticate/            | sign-in 302 302 302 302 | sign-in 302 302 302 302
/account/2fa/totp/activate/             | sign-in 200 200 200 200 | sign-in 422 422 422 422
/account/2fa/totp/deactivate/           | sign-in 404 404 404 404 | sign-in 404 404 404 404
/account/2fa/recovery-codes/            | sign-in 404 404 404 404 | sign-in 405 405 405 405
/account/2fa/recovery-codes/generate/   | sign-in 200 200 200 200 | sign-in 422 done 422 422
/account/2fa/recovery-codes/download/   | sign-in 404 404 404 404 | sign-in 404 404 404 404
/account/2fa/webauthn/                  | sign-in 200 200 200 200 | sign-in 405 405 405 405
/account/2fa/webauthn/add/              | sign-in 200 200 200 200 | sign-in 422 422 422 422
/account/2fa/webauthn/keys/{key}/edit/  | sign-in 404 200 404 404 | sign-in 404 done 404 404
/account/2fa/webauthn/keys/{key}/remove/ | sign-in 404 200 404 404 | sign-in 404 done 404 404
/account/2fa/webauthn/reauthenticate/   | sign-in 302 200 302 302 | sign-in 302 302 302 302
/account/2fa/webauthn/login/            | 302 | 302
"""

# They come before the page for the mailed code, which signing in leads to.
UNVERIFIED = {
    "/account/confirm-email/": ("200", "422"),
    "/account/login/": ("302", "302"),
}

SECTION = {"name": "Bells", "read_by": "everyone", "start_by": "members", "reply_by": "members"}
# What makes a form valid, by the end of its URL; the longest match counts. World.form fills in the ids.
FIELDS = {
    "/new/": {"title": "Bells", "body": "They ring."},
    "/sections/new/": SECTION,
    "/sections/{section}/": SECTION,
    "/reply/": {"body": "Here too."},
    "/drafts/save/": {"place": "reply:7", "body": "Begun."},
    "/t/{topic}/a/edit/": {"title": "Another", "reason": "Clearer."},
    "/t/{closed}/a/edit/": {"title": "Another", "reason": "Clearer."},
    "/t/{hidden}/a/edit/": {"title": "Another", "reason": "Clearer."},
    "/edit/": {"body": "Another text.", "reason": "Clearer.", "name": "Front door"},
    "/t/{polled}/a/vote/": {"option": "{tea}"},
    "/t/{hidden}/a/vote/": {"option": "{hidden_tea}"},
    "/a/read/": {"to": "1", "at": "1"},
    "/report/": {"reason": "spam"},
    "/save/": {"note": "For later."},
    "/remove/": {"reason": "Off topic."},
    "/close/": {"reason": "Solved."},
    "/words/": {"words": "bim bam", "act": "hold"},
    "/new-members/": dict.fromkeys(NewMemberLimitsForm.base_fields, "1"),
    "/hide/": {"reason": "An address."},
    "/members/{ben}/": {"role": "moderator"},
    "/remove-picture/": {"why": "Not theirs."},
    "/groups/": {"name": "Painters"},
    "/rename/": {"name": "Painters"},
    "/add/": {"name": "cleo"},
    "/account/settings/": {"about": "I ring bells."},
    "/account/name/": {"name": "ringer"},
    "/account/login/": {"login": "cleo", "password": PASSWORD},
    "/account/signup/": {
        "username": "zoe", "email": "zoe@example.org", "password1": PASSWORD, "accepts_rules": "on",
    },
    "/account/email/": {"action_add": "", "email": "else@example.org"},
    "/account/password/change/": {"oldpassword": PASSWORD, "password1": "another-bell-2"},
    "/account/password/reset/": {"email": "ada@example.org"},
    "/account/reauthenticate/": {"password": PASSWORD},
}  # fmt: skip


@dataclass(frozen=True)
class Expectation:
    address: str
    get: dict[str, str]
    post: dict[str, str]

    @property
    def fields(self) -> dict[str, str]:
        """Returns valid form fields for this URL."""
        fields = FIELDS | expected_topics.FIELDS | expected_members.FIELDS | expected_moderation.FIELDS
        ending = max((end for end in fields if self.address.endswith(end)), key=len, default="")
        return {"submission_key": str(uuid4()), "version": "1", **fields.get(ending, {})}

    @property
    def accepts_get(self) -> bool:
        return set(self.get.values()) != {"405"}

    @property
    def accepts_post(self) -> bool:
        return set(self.post.values()) != {"405"}


def _by_role(answers: str, unverified: str | None) -> dict[str, str]:
    words = answers.split()
    by_role = dict(zip(ROLES, words * 5 if len(words) == 1 else words, strict=True))
    return by_role | {"unverified": unverified or by_role["guest"]}


def parse(table: str) -> list[Expectation]:
    expectations = []
    for line in table.splitlines():
        if line and not line.startswith("#"):
            address, get, post = (part.strip() for part in line.split("|"))
            theirs = UNVERIFIED.get(address, (None, None))
            expectations.append(Expectation(address, _by_role(get, theirs[0]), _by_role(post, theirs[1])))
    return expectations


EXPECTATIONS = parse(TABLE + expected_topics.TABLE + expected_members.TABLE + expected_moderation.TABLE)
