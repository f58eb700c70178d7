"""/moderation/members/: who finds whom, what is on a member's page, and what the page of each act does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import LogEntry, Rule, Sanction, Session, User
from forum.models import Post, Section
from moderation.members.remove_all_posts import remove_all_posts
from moderation.members.sanction import silence_member, suspend_member, warn_member
from moderation.members.staff_notes import note_member
from moderation.models import StaffNote
from moderation.posts.remove import remove_post
from moderation.reports.report import report_post
from tests.conftest import browser_of, make_user, offers, reply_to, start
from tests.support.cases import settle

pytestmark = pytest.mark.django_db

WARN = {"reason": "Be kind.", "how_long": "30"}
GOOD = {"reason": "Enough.", "how_long": "good"}


@pytest.fixture
def staff(mia):
    return browser_of(mia)


@pytest.fixture
def max(talk) -> User:
    """A moderator of Talk alone."""
    made = make_user("max", "moderator")
    User.objects.filter(pk=made.pk).update(moderates=[talk.pk])
    return User.objects.get(pk=made.pk)


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


def names_on(html: str) -> list[str]:
    return [name for name in ("ada", "ben", "cleo", "mia", "noor") if f'/moderation/members/{name}/"' in html]


def test_the_list_and_what_narrows_it(staff, ada, ben, cleo, mia, noor):
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
        assert names_on(page(staff, f"/moderation/members/{query}")) == found, query


def test_the_list_goes_by_pages(staff, ada):
    for number in range(35):
        make_user(f"m{number}")
    first = page(staff, "/moderation/members/")
    assert 'rel="next"' in first
    last = User.objects.order_by("-pk")[29].pk
    assert "/moderation/members/ada/" in page(staff, f"/moderation/members/?before={last}")


def test_a_file_costs_the_same_for_much_and_for_little(staff, topic, ada, ben, mia):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(staff, "/moderation/members/ben/")
        return len(captured)

    note_member(member=ben, by=mia, text="One.", submission_key=uuid4())
    warn_member(member=ben, by=mia, reason="One.")
    remove_post(post=reply_to(topic, ben), by=mia, reason="One.")
    few = cost()
    for number in range(5):
        note_member(member=ben, by=mia, text=f"{number}", submission_key=uuid4())
        warn_member(member=ben, by=mia, reason=f"{number}")
        remove_post(post=reply_to(topic, ben), by=mia, reason=f"{number}")
        reply_to(topic, ben)
    assert cost() == few <= 20


def test_the_file_by_name_former_name_and_number(staff, ben):
    assert staff.get(f"/moderation/members/{ben.pk}/").url == "/moderation/members/ben/"
    assert staff.get("/moderation/members/BEN/").url == "/moderation/members/ben/"
    assert staff.get("/moderation/members/nobody/").status_code == 404


def test_the_profile_leads_staff_there_and_nobody_else(sign_in, staff, ada, ben):
    assert offers(staff.get("/u/ben/"), "file")
    for person in (ben, ada, None):
        assert not offers(sign_in(person).get("/u/ben/"), "file")


@pytest.mark.parametrize(
    ("act", "kind", "fields"),
    [("warn", "warning", WARN), ("silence", "silence", WARN), ("suspend", "suspension", GOOD)],
)
def test_who_may_by_effect(act, kind, fields, sign_in, topic, ada, ben, mia, noor, max):
    """The author is Ben himself; Max moderates Talk alone."""
    gone = make_user("gone", "moderator")
    User.objects.filter(pk=gone.pk).update(suspended_until=timezone.now() + timedelta(days=1))
    for person, may in [
        (None, False), (ada, False), (ben, False), (gone, False), (max, act == "warn"), (mia, True), (noor, True)
    ]:  # fmt: skip
        Sanction.objects.all().delete()
        User.objects.filter(pk=ben.pk).update(silenced_until=None, suspended_until=None)
        sign_in(person).post(f"/moderation/members/ben/{act}/", fields)
        assert Sanction.objects.filter(member=ben, kind=kind).exists() is may, person


def test_wrong_fields_are_said_beside_them_with_the_text_kept(staff, ben):
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
            answer = staff.post(address, fields)
            assert answer.status_code == 422
            assert words in answer.text
            assert fields.get("reason", "") in answer.text
    assert not Sanction.objects.exists()


def test_until_a_date_is_until_its_beginning_by_the_clock_of_who_asks(staff, ben, mia):
    User.objects.filter(pk=mia.pk).update(time_zone="Asia/Tokyo")
    day = (timezone.now() + timedelta(days=40)).date()
    rule = Rule.objects.current().first()
    fields = {"reason": "Enough.", "how_long": "date", "date": day.isoformat(), "rule": rule.pk}
    assert staff.post("/moderation/members/ben/suspend/", fields).status_code == 302
    sanction = Sanction.objects.get()
    assert sanction.until.isoformat() == f"{day - timedelta(days=1)}T15:00:00+00:00"
    assert sanction.rule == rule


@pytest.mark.parametrize(("act", "fields"), [("silence", WARN), ("suspend", GOOD)])
def test_the_second_moderator_is_told_who_was_first(act, fields, staff, sign_in, ben, noor):
    assert staff.post(f"/moderation/members/ben/{act}/", fields).status_code == 302
    answer = sign_in(noor).post(f"/moderation/members/ben/{act}/", fields)
    assert answer.status_code == 409
    assert "mia already did this at " in answer.text
    assert (Sanction.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_of_two_who_warn_from_an_old_page_the_second_looks_first(staff, sign_in, ben, noor):
    seen = {**WARN, "seen": "0"}
    staff.post("/moderation/members/ben/warn/", seen)
    second = sign_in(noor)
    answer = second.post("/moderation/members/ben/warn/", seen)
    assert answer.status_code == 409
    newest = Sanction.objects.get().pk
    assert f'name="seen" value="{newest}"' in answer.text
    assert second.post("/moderation/members/ben/warn/", {**seen, "seen": newest}).status_code == 302


def test_lifting(staff, sign_in, ben, mia, noor):
    sanction = suspend_member(member=ben, by=mia, reason="Enough.")
    address = f"/moderation/members/ben/lift/{sanction.pk}/"
    assert offers(staff.get("/moderation/members/ben/"), "lift")
    assert staff.post(address, {"reason": "A mistake."}).status_code == 302
    answer = sign_in(noor).post(address)
    assert answer.status_code == 409
    assert "mia already did this at " in answer.text
    assert not offers(staff.get("/moderation/members/ben/"), "lift")


def test_notes_are_shared_by_staff_and_hidden_from_everybody_else(staff, sign_in, ben, cleo, mia, noor, max):
    key = str(uuid4())
    for _ in range(2):
        staff.post("/moderation/members/ben/note/", {"text": "Writes at night.", "submission_key": key})
    assert StaffNote.objects.count() == 1
    for person in (mia, noor, max):
        assert "Writes at night." in page(sign_in(person), "/moderation/members/ben/")
    for person in (ben, cleo, None):
        for address in ("/moderation/members/ben/", "/u/ben/", "/account/standing/"):
            assert "Writes at night." not in sign_in(person).get(address).text
    assert "Writes at night." not in str(LogEntry.objects.values())
    assert (
        staff.post("/moderation/members/ben/note/", {"text": " ", "submission_key": key}).status_code == 422
    )


def test_what_is_written_about_staff_is_for_admins_and_not_for_them(sign_in, mia, noor):
    other = make_user("otto", "moderator")
    note_member(member=mia, by=noor, text="Too quick.", submission_key=uuid4())
    for person, sees in [(noor, True), (mia, False), (other, False)]:
        assert ("Too quick." in page(sign_in(person), "/moderation/members/mia/")) is sees


def test_a_moderator_of_one_section_sees_no_cases_and_posts_of_another(sign_in, talk, ada, ben, noor, max):
    room = Section.objects.create(name="Room", slug="room", read_by="staff")
    hidden = start(room, noor, "Nobody else’s")
    Post.objects.filter(topic=hidden).update(author=ben)
    report_post(post=Post.objects.get(topic=hidden), by=noor, reason="spam")
    shown = page(sign_in(max), "/moderation/members/ben/")
    assert "Nobody else’s" not in shown
    assert '<b class="num">0</b> cases' in shown
    assert "Nobody else’s" in page(sign_in(noor), "/moderation/members/ben/")


@pytest.mark.parametrize(("outcome", "found"), [("no_breach", 0), ("warned", 1), ("removed", 1)])
def test_the_file_counts_what_was_found_in_breach(staff, topic, ben, cleo, noor, outcome, found):
    settle(
        case=report_post(post=reply_to(topic, ben), by=cleo, reason="spam").case,
        by=noor,
        outcome=outcome,
    )
    assert f'<b class="num">{found}</b> upheld' in page(staff, "/moderation/members/ben/")


def test_everything_is_removed_from_the_page_and_the_account_suspended(
    staff, topic, ben, django_capture_on_commit_callbacks
):
    browser_of(ben)
    with django_capture_on_commit_callbacks(execute=True):
        fields = {"reason": "Spam.", "suspend": "on"}
        assert staff.post("/moderation/members/ben/remove-everything/", fields).status_code == 302
    assert not Post.objects.filter(author=ben).not_removed().exists()
    assert User.objects.get(pk=ben.pk).is_suspended
    assert not Session.objects.filter(member=ben).exists()
    answer = staff.post("/moderation/members/ben/remove-everything/", {"reason": "Spam."})
    assert answer.status_code == 409
    assert "mia already did this at " in answer.text


def test_while_the_worker_is_at_it_the_file_says_so(staff, topic, ben, mia):
    remove_all_posts(member=ben, by=mia, reason="Spam.")
    assert "is removing all posts by" in page(staff, "/moderation/members/ben/")


MATRIX = {
    "lift": (
        {"mia", "noor"},
        lambda ben: Sanction.objects.filter(member=ben, lifted_at__isnull=False).exists(),
    ),
    "note": ({"tom", "nina", "mia", "noor"}, lambda ben: StaffNote.objects.filter(member=ben).exists()),
    "remove-everything": ({"mia", "noor"}, lambda ben: _logged("remove_everything")),
    "look-up": ({"mia", "noor"}, lambda ben: _logged("look_up")),
    "appoint": ({"noor"}, lambda ben: User.objects.get(pk=ben.pk).role == "moderator"),
}


def _logged(act: str) -> bool:
    return LogEntry.objects.filter(act=act).exists()


@pytest.mark.parametrize("act", MATRIX)
def test_every_act_by_every_role_by_effect(act, sign_in, topic, talk, news, ada, ben, mia, noor):
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
    may, has_happened = MATRIX[act]
    for name, person in people.items():
        with transaction.atomic():
            sign_in(person).post(address, {**fields, "submission_key": str(uuid4())})
            assert has_happened(ben) is (name in may), name
            transaction.set_rollback(True)
