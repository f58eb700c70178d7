"""/moderation/members/: who finds whom, what is on a member's page, and what the page of each act does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import FormerName, LogEntry, Rule, Sanction, User
from forum.models import Post, Section
from moderation.members.sanction import silence_member, suspend_member, warn_member
from moderation.members.staff_notes import note_member
from moderation.models import StaffNote
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from tests.conftest import make_user, offers, reply_to, start
from tests.support.cases import resolve
from tests.support.page import get_html

pytestmark = pytest.mark.django_db

FOR_30_DAYS = {"reason": "Be kind.", "how_long": "30"}
INDEFINITE = {"reason": "Enough.", "how_long": "good"}


def member_names_in(html: str) -> list[str]:
    return [name for name in ("ada", "ben", "cleo", "mia", "noor") if f'/moderation/members/{name}/"' in html]


def test_member_list_filters_by_name_prefix_and_status(staff, ada, ben, cleo, mia, noor):
    silence_member(member=ben, by=mia, reason="Be kind.")
    warn_member(member=cleo, by=mia, reason="Be kind.")
    old = timezone.now() - timedelta(days=60)
    User.objects.filter(pk=ada.pk).update(joined_at=old, silenced_until=old)
    everybody = ["ada", "ben", "cleo", "mia", "noor"]
    for query, found in {
        "": everybody,
        "?q=B": ["ben"],
        "?q=e": [],  # only the beginning of a name matches
        "?q=ada@example.org": [],  # an e-mail address finds nobody here
        "?show=sanctioned": ["ben"],
        "?show=warned": ["cleo"],
        "?show=new": everybody[1:],
        "?show=staff": ["mia", "noor"],
        "?show=nonsense": everybody,
    }.items():
        assert member_names_in(get_html(staff, f"/moderation/members/{query}")) == found, query


def test_member_list_is_paginated(staff, ada):
    for number in range(35):
        make_user(f"m{number}")
    first = get_html(staff, "/moderation/members/")
    assert 'rel="next"' in first
    last = User.objects.order_by("-pk")[29].pk
    assert "/moderation/members/ada/" in get_html(staff, f"/moderation/members/?before={last}")


@pytest.mark.slow
def test_member_page_query_count_does_not_grow_with_history(staff, topic, ada, ben, mia):
    def query_count() -> int:
        with CaptureQueriesContext(connection) as captured:
            get_html(staff, "/moderation/members/ben/")
        return len(captured)

    note_member(member=ben, by=mia, text="One.", submission_key=uuid4())
    warn_member(member=ben, by=mia, reason="One.")
    remove_post(post=reply_to(topic, ben), by=mia, reason="One.")
    few = query_count()
    for number in range(5):
        note_member(member=ben, by=mia, text=f"{number}", submission_key=uuid4())
        warn_member(member=ben, by=mia, reason=f"{number}")
        remove_post(post=reply_to(topic, ben), by=mia, reason=f"{number}")
        reply_to(topic, ben)
    assert query_count() == few <= 20


def test_member_page_redirects_from_id_former_name_and_other_letter_case(staff, ben):
    FormerName.objects.create(user=ben, name="Benny", name_key="benny")
    assert staff.get(f"/moderation/members/{ben.pk}/").url == "/moderation/members/ben/"
    assert staff.get("/moderation/members/Benny/").url == "/moderation/members/ben/"
    assert staff.get("/moderation/members/BEN/").url == "/moderation/members/ben/"
    assert staff.get("/moderation/members/nobody/").status_code == 404


def test_profile_links_member_page_for_staff_only(sign_in, staff, ada, ben):
    assert offers(staff.get("/u/ben/"), "file")
    for person in (ben, ada, None):
        assert not offers(sign_in(person).get("/u/ben/"), "file")


@pytest.mark.parametrize(
    ("act", "kind", "fields"),
    [
        ("warn", "warning", FOR_30_DAYS),
        ("silence", "silence", FOR_30_DAYS),
        ("suspend", "suspension", INDEFINITE),
    ],
)
def test_sanction_form_works_only_for_allowed_roles(
    act, kind, fields, sign_in, topic, ada, ben, mia, noor, talk_moderator
):
    """The author is Ben himself; Max moderates Talk alone."""
    gone = make_user("gone", "moderator")
    User.objects.filter(pk=gone.pk).update(suspended_until=timezone.now() + timedelta(days=1))
    for person, may in [
        (None, False), (ada, False), (ben, False), (gone, False), (talk_moderator, act == "warn"), (mia, True),
        (noor, True),
    ]:  # fmt: skip
        Sanction.objects.all().delete()
        User.objects.filter(pk=ben.pk).update(silenced_until=None, suspended_until=None)
        sign_in(person).post(f"/moderation/members/ben/{act}/", fields)
        assert Sanction.objects.filter(member=ben, kind=kind).exists() is may, person


@pytest.mark.slow
def test_invalid_sanction_form_shows_errors_and_preserves_reason(staff, ben):
    long = "x" * 201
    for act in ("warn", "silence", "suspend"):
        address = f"/moderation/members/ben/{act}/"
        for fields, words in [
            ({"how_long": "7"}, "Please give a reason."),
            ({"reason": long, "how_long": "7"}, "Use at most 200 characters"),
            ({"reason": "Kept.", "how_long": "date"}, "Enter an end date."),
            (
                {"reason": "Kept.", "how_long": "date", "date": "2001-01-01"},
                "Enter a date within the next ten years",
            ),
            ({"reason": "Kept.", "how_long": "date", "date": "tomorrow"}, "Enter a date, such as"),
            ({"reason": "Kept.", "how_long": "for ever"}, "Select a valid choice"),
        ]:
            response = staff.post(address, fields)
            assert response.status_code == 422
            assert words in response.text
            assert fields.get("reason", "") in response.text
    assert not Sanction.objects.exists()


def test_sanction_ends_at_start_of_day_in_moderators_time_zone(staff, ben, mia):
    User.objects.filter(pk=mia.pk).update(time_zone="Asia/Tokyo")
    day = (timezone.now() + timedelta(days=40)).date()
    rule = Rule.objects.current().first()
    fields = {"reason": "Enough.", "how_long": "date", "date": day.isoformat(), "rule": rule.pk}
    assert staff.post("/moderation/members/ben/suspend/", fields).status_code == 302
    sanction = Sanction.objects.get()
    assert sanction.until.isoformat() == f"{day - timedelta(days=1)}T15:00:00+00:00"
    assert sanction.rule == rule


@pytest.mark.parametrize(("act", "fields"), [("silence", FOR_30_DAYS), ("suspend", INDEFINITE)])
def test_second_sanction_gets_409_with_first_moderator(act, fields, staff, sign_in, ben, noor):
    assert staff.post(f"/moderation/members/ben/{act}/", fields).status_code == 302
    response = sign_in(noor).post(f"/moderation/members/ben/{act}/", fields)
    assert response.status_code == 409
    assert "mia already did this at " in response.text
    assert (Sanction.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_warning_from_outdated_page_gets_409_and_must_be_confirmed(staff, sign_in, ben, noor):
    seen = {**FOR_30_DAYS, "seen": "0"}
    staff.post("/moderation/members/ben/warn/", seen)
    second = sign_in(noor)
    response = second.post("/moderation/members/ben/warn/", seen)
    assert response.status_code == 409
    newest = Sanction.objects.get().pk
    assert f'name="seen" value="{newest}"' in response.text
    assert second.post("/moderation/members/ben/warn/", {**seen, "seen": newest}).status_code == 302


def test_sanction_is_lifted_once_from_member_page(staff, sign_in, ben, mia, noor):
    sanction = suspend_member(member=ben, by=mia, reason="Enough.")
    address = f"/moderation/members/ben/lift/{sanction.pk}/"
    assert offers(staff.get("/moderation/members/ben/"), "lift")
    assert staff.post(address, {"reason": "A mistake."}).status_code == 302
    response = sign_in(noor).post(address)
    assert response.status_code == 409
    assert "mia already did this at " in response.text
    assert not offers(staff.get("/moderation/members/ben/"), "lift")


@pytest.mark.slow
def test_staff_notes_are_visible_to_staff_only(staff, sign_in, ben, cleo, mia, noor, talk_moderator):
    key = str(uuid4())
    for _ in range(2):
        staff.post("/moderation/members/ben/note/", {"text": "Writes at night.", "submission_key": key})
    assert StaffNote.objects.count() == 1
    for person in (mia, noor, talk_moderator):
        assert "Writes at night." in get_html(sign_in(person), "/moderation/members/ben/")
    for person in (ben, cleo, None):
        for address in ("/moderation/members/ben/", "/u/ben/", "/account/standing/"):
            assert "Writes at night." not in sign_in(person).get(address).text
    assert "Writes at night." not in str(LogEntry.objects.values())
    assert (
        staff.post("/moderation/members/ben/note/", {"text": " ", "submission_key": key}).status_code == 422
    )


def test_staff_notes_about_moderator_are_visible_to_admins_only(sign_in, mia, noor):
    other = make_user("otto", "moderator")
    note_member(member=mia, by=noor, text="Too quick.", submission_key=uuid4())
    for person, sees in [(noor, True), (mia, False), (other, False)]:
        assert ("Too quick." in get_html(sign_in(person), "/moderation/members/mia/")) is sees


def test_section_moderator_sees_no_cases_or_posts_of_other_sections(
    sign_in, talk, ada, ben, noor, talk_moderator
):
    room = Section.objects.create(name="Room", slug="room", read_by="staff")
    hidden = start(room, noor, "Nobody else’s")
    Post.objects.filter(topic=hidden).update(author=ben)
    report_post(post=Post.objects.get(topic=hidden), by=noor, reason="spam")
    shown = get_html(sign_in(talk_moderator), "/moderation/members/ben/")
    assert "Nobody else’s" not in shown
    assert '<b class="num">0</b> cases' in shown
    assert "Nobody else’s" in get_html(sign_in(noor), "/moderation/members/ben/")


@pytest.mark.slow
@pytest.mark.parametrize(("outcome", "found"), [("no_breach", 0), ("warned", 1), ("removed", 1)])
def test_member_page_counts_upheld_cases(staff, topic, ben, cleo, noor, outcome, found):
    resolve(
        case=report_post(post=reply_to(topic, ben), by=cleo, reason="spam").case,
        by=noor,
        outcome=outcome,
    )
    assert f'<b class="num">{found}</b> upheld' in get_html(staff, "/moderation/members/ben/")


PERMISSIONS = {
    "lift": (
        {"mia", "noor"},
        lambda ben: Sanction.objects.filter(member=ben, lifted_at__isnull=False).exists(),
    ),
    "note": ({"tom", "nina", "mia", "noor"}, lambda ben: StaffNote.objects.filter(member=ben).exists()),
    "remove-everything": ({"mia", "noor"}, lambda ben: _is_logged("remove_everything")),
    "look-up": ({"mia", "noor"}, lambda ben: _is_logged("look_up")),
    "appoint": ({"noor"}, lambda ben: User.objects.get(pk=ben.pk).role == "moderator"),
}


def _is_logged(act: str) -> bool:
    return LogEntry.objects.filter(act=act).exists()


@pytest.mark.parametrize("act", PERMISSIONS)
def test_member_action_takes_effect_only_for_allowed_roles(
    act, sign_in, topic, talk, news, ada, ben, mia, noor
):
    """About Ben, who wrote in Talk: by a guest, a member, himself, a suspended moderator, a moderator of Talk (Tom),
    one of News (Nina), a moderator, an admin."""
    sanction = silence_member(member=ben, by=mia, reason="Be kind.")
    people = {"guest": None, "ada": ada, "ben": ben, "mia": mia, "noor": noor}
    for name, said in {
        "gone": {"suspended_until": timezone.now() + timedelta(days=1)},
        "tom": {"moderates": [talk.pk]},
        "nina": {"moderates": [news.pk]},
    }.items():
        people[name] = make_user(name, "moderator")
        User.objects.filter(pk=people[name].pk).update(**said)
    address, fields = {
        "lift": (f"/moderation/members/ben/lift/{sanction.pk}/", {}),
        "note": ("/moderation/members/ben/note/", {"text": "Hm."}),
        "remove-everything": ("/moderation/members/ben/remove-everything/", {"reason": "Spam."}),
        "look-up": ("/moderation/members/ben/look-up/", {"why": "Spam."}),
        "appoint": (f"/manage/members/{ben.pk}/sections/", {"where": "all"}),
    }[act]
    may, has_happened = PERMISSIONS[act]
    for name, person in people.items():
        with transaction.atomic():
            sign_in(person).post(address, {**fields, "submission_key": str(uuid4())})
            assert has_happened(ben) is (name in may), name
            transaction.set_rollback(True)
