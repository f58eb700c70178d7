"""What each outcome does, checked by its effect, in one transaction with resolving the case."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import LogEntry, Sanction
from forum.access.errors import EditConflict, NotAllowed
from forum.models import Closure, Removal, Section
from forum.posts.edit import edit_post
from moderation.cases import resolve as cases_resolve
from moderation.cases.messages import write_to_reporter
from moderation.log.undo import undo_entry
from moderation.members.sanction import suspend_at_least, suspend_member
from moderation.models import Case
from moderation.posts.remove import remove_post, restore_post
from moderation.reports.report import report_post
from moderation.topics.split import move_posts
from notifications.models import Notification
from tests.conftest import make_user, start
from tests.support.cases import settle


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


def told(member) -> list[str]:
    return list(Notification.objects.filter(member=member).order_by("pk").values_list("text", flat=True))


def test_no_breach_does_nothing_and_the_author_hears_nothing(case, bens, ben, ada, mia):
    settle(case=case, by=mia, outcome="no_breach")
    assert not Removal.objects.exists()
    assert told(ben) == []
    assert "It doesn’t break the rules." in told(ada)[0]


def test_removed(case, bens, ben, ada, mia, acts_logged):
    settle(case=case, by=mia, outcome="removed", reason="Advertising.")
    removal = Removal.objects.get(post=bens)
    assert (removal.kind, removal.removed_by, removal.reason) == ("removed", mia, "Advertising.")
    assert acts_logged() == ["remove", "settle_removed"]
    assert "It was removed. Reason: Advertising. You can appeal once, until" in told(ben)[0]
    assert "The post was removed." in told(ada)[0]


def test_what_its_author_had_taken_back_they_cannot_bring_back_any_more(case, bens, ben, mia):
    remove_post(post=bens, by=ben)
    settle(case=case, by=mia, outcome="removed", reason="Advertising.")
    assert Removal.objects.get(post=bens).removed_by == mia
    with pytest.raises(NotAllowed):
        restore_post(post=bens, by=ben)
    assert Removal.objects.filter(post=bens).exists()


def test_edited_with_the_reason(case, bens, ben, mia, acts_logged):
    settle(
        case=case, by=mia, outcome="edited", body="Here too. [Offer taken out]", version=1, reason="An offer."
    )
    bens.refresh_from_db()
    assert (bens.body, bens.version, bens.edited_by) == ("Here too. [Offer taken out]", 2, mia)
    assert bens.edit_reason == "An offer."
    assert acts_logged() == ["edit", "settle_edited"]
    assert Case.objects.get().resolved_revision == 2


def test_an_edit_that_meets_another_settles_nothing(case, bens, ben, mia, acts_logged):
    edit_post(post=bens, by=ben, body="Something else.", version=1)
    with pytest.raises(EditConflict):
        settle(case=case, by=mia, outcome="edited", body="Here, three.", version=1)
    assert Case.objects.get().is_open
    assert acts_logged() == []


def test_warned_and_suspended(case, ben, mia, ada):
    until = timezone.now() + timedelta(days=7)
    settle(case=case, by=mia, outcome="suspended", until=until, removes=True)
    sanction = Sanction.objects.get()
    assert (sanction.member, sanction.kind, sanction.until, sanction.by) == (ben, "suspension", until, mia)
    ben.refresh_from_db()
    assert ben.is_suspended
    assert Removal.objects.filter(post=case.post).exists()
    assert "suspend" not in " ".join(told(ada)).lower()
    assert "Your account was suspended. The post was removed." in told(ben)[-1]


def test_closed(case, topic, mia, acts_logged):
    settle(case=case, by=mia, outcome="closed", reason="It leads nowhere.")
    assert Closure.objects.get(topic=topic).reason == "It leads nowhere."
    assert acts_logged() == ["close", "settle_closed"]


def test_what_was_done_before_is_not_done_twice(case, topic, mia, noor, acts_logged):
    remove_post(post=case.post, by=noor, reason="Spam.")
    settle(case=case, by=mia, outcome="removed", reason="Spam.")
    assert acts_logged() == ["remove", "settle_removed"]
    assert Case.objects.get().done == {}


def test_all_of_it_or_nothing(case, bens, mia, ada, ben, acts_logged, monkeypatch):
    """The last step fails: the post is still visible, nobody was notified, the case is open."""

    def fail(case):
        raise RuntimeError

    monkeypatch.setattr(cases_resolve, "notify_author", fail)
    with pytest.raises(RuntimeError):
        settle(case=case, by=mia, outcome="removed")
    assert (acts_logged(), told(ada), told(ben)) == ([], [], [])
    assert not Removal.objects.exists()
    assert Case.objects.get().is_open


def test_every_reporter_is_told_of_their_own_report(case, bens, mia, cleo, ada):
    second = report_post(post=bens, by=cleo, reason="attack")
    settle(case=case, by=mia, outcome="warned")
    assert Notification.objects.get(member=cleo).url == second.get_absolute_url()
    for reporter in (ada, cleo):
        assert "Moderators took action." in told(reporter)[0]
        assert "warn" not in told(reporter)[0].lower()


def test_a_longer_suspension_takes_the_place_of_a_shorter_and_a_shorter_of_none(case, ben, mia, noor):
    soon, late = (timezone.now() + timedelta(days=days) for days in (1, 30))
    short = suspend_member(member=ben, by=noor, reason="Cool down.", until=soon)
    settle(case=case, by=mia, outcome="suspended", until=late)
    ben.refresh_from_db()
    assert ben.suspended_until == late
    assert [s.pk for s in Sanction.objects.active().filter(member=ben)] != [short.pk]
    assert suspend_at_least(member=ben, by=noor, reason="Again.", until=soon) is None
    assert suspend_at_least(member=ben, by=noor, reason="Enough.").until is None
    assert suspend_at_least(member=ben, by=noor, reason="Enough.") is None
    assert Sanction.objects.active().filter(member=ben).count() == 1
    acts = LogEntry.objects.filter(act__in=["suspend_member", "lift_sanction"]).order_by("pk")
    assert [entry.act for entry in acts] == ["suspend_member", *["lift_sanction", "suspend_member"] * 2]


@pytest.mark.parametrize("outcome", ["warned", "removed", "edited", "closed", "suspended"])
def test_the_author_learns_what_was_done_and_how_to_appeal_and_not_who_reported(bens, ben, mia, outcome):
    zelda = make_user("zelda")
    case = report_post(post=bens, by=zelda, reason="other", comment="Between us.").case
    settle(case=case, by=mia, outcome=outcome, body="Better.", version=1, note="Between staff.")
    words = told(ben)[-1]
    assert "You can appeal once" in words
    assert Notification.objects.filter(member=ben).last().url == f"/appeals/{case.pk}/"
    for secret in ("zelda", "Between us", "Between staff", "report", "mia"):
        assert secret not in words


def test_the_longest_title_and_reason_still_say_how_to_appeal(case, topic, ben, mia):
    topic.__class__.objects.update(title="x" * 150)
    settle(case=case, by=mia, outcome="removed", reason="y" * 200)
    assert "You can appeal once, until" in told(ben)[0]
    assert len(told(ben)[0]) <= 500


# --- The page ---


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"outcome": "removed"}, ["reason"]),
        ({"outcome": "edited", "reason": "An offer.", "body": "Here too."}, ["body"]),
        ({"outcome": "edited", "reason": "An offer.", "body": ""}, ["body"]),
        ({"outcome": "edited", "reason": "An offer.", "body": "x" * 32_001}, ["body"]),
        ({"outcome": "upheld", "reason": "It is old."}, ["outcome"]),
        ({"outcome": "warned", "reason": "x" * 201, "warned_for": "90"}, ["reason"]),
        ({"outcome": "suspended", "reason": "Spam.", "suspended_for": "12"}, ["suspended_for"]),
        ({"outcome": "removed", "reason": "Spam.", "rule": "999999"}, ["rule"]),
    ],
)
def test_what_an_outcome_asks_for_is_said_beside_the_field(sign_in, case, mia, fields, wrong):
    response = sign_in(mia).post(f"/moderation/cases/{case.pk}/settle/", fields)
    assert (response.status_code, list(response.context["settle_form"].errors)) == (422, wrong)
    assert Case.objects.get().is_open


def test_what_another_outcome_asks_for_is_not_looked_at(sign_in, case, mia):
    fields = {
        "outcome": "no_breach",
        "body": "Never.",
        "removes": "1",
        "suspended_for": "",
        "reason": "Nothing.",
    }
    sign_in(mia).post(f"/moderation/cases/{case.pk}/settle/", fields)
    case.refresh_from_db()
    assert (case.outcome, case.reason, case.done) == ("no_breach", "", {})
    assert not Sanction.objects.exists()


def test_nobody_is_offered_to_suspend_whom_they_may_not(sign_in, topic, mia, noor, ada):
    from tests.conftest import reply_to

    case = report_post(post=reply_to(topic, noor), by=ada, reason="attack").case
    page = sign_in(mia).get(f"/moderation/cases/{case.pk}/").text
    assert 'value="removed"' in page
    assert 'value="suspended"' not in page
    fields = {"outcome": "suspended", "reason": "Spam.", "suspended_for": "7"}
    assert sign_in(mia).post(f"/moderation/cases/{case.pk}/settle/", fields).status_code == 422


def test_on_to_the_next_that_nobody_else_has(sign_in, topic, case, ben, ada, mia, noor):
    from moderation.cases.claim import claim_case
    from tests.conftest import reply_to

    second, third = (report_post(post=reply_to(topic, ben), by=ada, reason="spam").case for _ in range(2))
    claim_case(case=second, by=noor)
    fields = {"outcome": "no_breach", "next": "1"}
    response = sign_in(mia).post(f"/moderation/cases/{case.pk}/settle/", fields)
    assert response["Location"] == third.get_absolute_url()


def test_undone_what_its_author_had_taken_back_is_theirs_again_and_not_shown(case, bens, ben, mia, noor):
    remove_post(post=bens, by=ben)
    settle(case=case, by=mia, outcome="removed")
    undo_entry(entry=LogEntry.objects.get(act="remove"), by=noor)
    removal = Removal.objects.get(post=bens)
    assert (removal.removed_by, removal.reason) == (ben, "")
    assert LogEntry.objects.get(act="leave_to_author").undoes.act == "remove"
    assert restore_post(post=bens, by=ben)


def test_undone_what_staff_restored_is_its_authors_to_bring_back_again(bens, ben, mia, noor):
    remove_post(post=bens, by=ben)
    restore_post(post=bens, by=mia)
    undo_entry(entry=LogEntry.objects.get(act="restore"), by=noor)
    assert Removal.objects.get(post=bens).removed_by == ben
    assert restore_post(post=bens, by=ben)


def test_where_few_may_read_the_title_is_told_to_nobody_else(case, topic, bens, ada, ben, mia, sign_in):
    closed_room = Section.objects.create(name="Closed room", slug="closed-room", read_by="staff")
    dossier = start(closed_room, mia, "Dossier of spammers")
    move_posts(topic=topic, posts=[bens.pk], into=dossier, by=mia)
    write_to_reporter(report=case.reports.get(), by=mia, text="Where from?")
    settle(case=case, by=mia, outcome="removed")
    said = told(ada) + told(ben)
    own = case.reports.get().get_absolute_url()
    said += [sign_in(ada).get(at).text for at in (own, "/reports/")]
    said.append(sign_in(ben).get(f"/appeals/{case.pk}/").text)
    assert len(said) >= 6
    assert not [text for text in said if "Dossier" in text]
