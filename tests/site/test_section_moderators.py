"""What moderators limited to sections may do, at every URL: in the section where it all happens, and in another. With
tests/site/test_permissions.py and test_suspended.py this is the matrix of every act and all seven kinds of people,
checked by its effects."""

from dataclasses import replace

import pytest

from tests.site.canaries import add_missing_roles
from tests.site.expectations import EXPECTATIONS, Expectation
from tests.site.test_permissions import response_of
from tests.site.world import World, state_of_tables

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROLES = ("here", "elsewhere")

# Where they differ from a moderator of everything (`here`) or from a member (`elsewhere`), in the words of
# expectations.py; `-` where they do not.
TABLE = """
# They came after the vote, the thanks and the saving.
/t/{voted}/a/unvote/                         | - - | 302 302
/p/{answer}/unthank/                         | - - | 302 302
/p/{answer}/unsave/                          | - - | 302 302
/reports/{report}/                           | - 404 | - 404
/inbox/read/                                 | - - | - 302
# Into a section that they do not moderate nothing is moved; what another said among staff is for its writer and admins.
/t/{topic}/a/move/                           | - - | 422 -
/t/{topic}/a/split/                          | - - | 422 -
/s/talk/move/                                | - - | 422 -
/t/{topic}/a/staff-reply/{said}/take-back/   | - - | 403 -
# Of members they warn; what counts in all sections is for those who moderate all.
/moderation/members/                         | - 200 | - -
/moderation/members/ben/                     | - 200 | - -
/moderation/members/noor/                    | - 200 | - -
/moderation/members/ben/warn/                | - 200 | - done
/moderation/members/noor/warn/               | - 403 | - 403
/moderation/members/ben/silence/             | 403 403 | 403 403
/moderation/members/ben/suspend/             | 403 403 | 403 403
/moderation/members/mia/suspend/             | - 403 | - 403
/moderation/members/cleo/lift/{warning}/     | - 200 | - done
/moderation/members/ben/note/                | - - | - done
/moderation/members/mia/note/                | - - | - 403
/moderation/members/ben/look-up/             | 403 403 | 403 403
/manage/members/{ada}/remove-picture/        | 403 403 | 403 403
/moderation/members/ada/remove-everything/   | 403 403 | 403 403
/moderation/look-up/                         | 403 403 | 403 403
# Their own desk, on which nothing of this section lies.
/moderation/                                 | - 200 | - -
/moderation/settled/                         | - 200 | - -
/moderation/log/                             | - 200 | - -
/moderation/log/undo/                        | - - | - 422
/moderation/reporters/                       | - 200 | - -
/moderation/waiting/                         | - 200 | - -
/moderation/waiting/let-in/                  | - - | - 302
/moderation/waiting/refuse/                  | - 200 | - 302
"""
OTHER_SECTION_MARKERS = ("{hidden", "staff-room")


def declared_differences() -> dict[str, dict[tuple[str, str], str]]:
    found = {}
    for line in TABLE.splitlines():
        if line and not line.startswith("#"):
            address, get, post = (part.strip() for part in line.split("|"))
            words = zip(
                [(m, role) for m in ("GET", "POST") for role in ROLES],
                (get + " " + post).split(),
                strict=True,
            )
            found[address] = {place: word for place, word in words if word != "-"}
    return found


def expected_response(
    expected: Expectation, method: str, role: str, differs: dict[tuple[str, str], str]
) -> str:
    answers = expected.get if method == "GET" else expected.post
    as_member = role == "elsewhere" or any(thing in expected.address for thing in OTHER_SECTION_MARKERS)
    return differs.get((method, role), answers["member" if as_member else "moderator"])


@pytest.fixture
def world_with_section_moderators(world):
    with world.rolled_back():
        seated = add_missing_roles(world)
        yield replace(seated, state=state_of_tables())


def test_section_moderator_can_do_only_what_is_declared(world_with_section_moderators: World):
    known = declared_differences()
    assert set(known) <= {expected.address for expected in EXPECTATIONS}
    found, right = {}, {}
    for expected in EXPECTATIONS:
        for method in ("GET", "POST"):
            for role in ROLES:
                place = f"{role} {method} {expected.address}"
                found[place] = response_of(world_with_section_moderators, role, method, expected)
                right[place] = expected_response(expected, method, role, known.get(expected.address, {}))
    assert {place: found[place] for place in found if found[place] != right[place]} == {}


def test_control_unlimited_moderator_is_detected(world_with_section_moderators: World):
    world_with_section_moderators.people["elsewhere"].moderates = None
    world_with_section_moderators.people["elsewhere"].save(update_fields=["moderates"])
    closing = next(e for e in EXPECTATIONS if e.address == "/t/{topic}/a/close/")
    assert response_of(world_with_section_moderators, "elsewhere", "POST", closing) == "done"
    assert expected_response(closing, "POST", "elsewhere", {}) == "403"
