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
from tests.support.cases import resolve


@pytest.fixture
def case(bens, ada) -> Case:
    return report_post(post=bens, by=ada, reason="spam", comment="Lamps again.").case


def notification_texts(member) -> list[str]:
    return list(Notification.objects.filter(member=member).order_by("pk").values_list("text", flat=True))


def test_no_violation_changes_nothing_and_notifies_only_reporter(case, bens, ben, ada, mia):
    resolve(case=case, by=mia, outcome="no_breach")
    assert not Removal.objects.exists()
    assert notification_texts(ben) == []
    assert "It doesn’t break the rules." in notification_texts(ada)[0]


def test_removed_outcome_removes_post_and_notifies_author_and_reporter(
    case, bens, ben, ada, mia, logged_actions
):
    resolve(case=case, by=mia, outcome="removed", reason="Advertising.")
    removal = Removal.objects.get(post=bens)
    assert (removal.kind, removal.removed_by, removal.reason) == ("removed", mia, "Advertising.")
    assert logged_actions() == ["remove", "settle_removed"]
    assert "It was removed. Reason: Advertising. You can appeal once, until" in notification_texts(ben)[0]
    assert "The post was removed." in notification_texts(ada)[0]


def test_removed_outcome_stops_author_from_restoring_deleted_post(case, bens, ben, mia):
    remove_post(post=bens, by=ben)
    resolve(case=case, by=mia, outcome="removed", reason="Advertising.")
    assert Removal.objects.get(post=bens).removed_by == mia
    with pytest.raises(NotAllowed):
        restore_post(post=bens, by=ben)
    assert Removal.objects.filter(post=bens).exists()


def test_edited_outcome_edits_post_with_reason(case, bens, ben, mia, logged_actions):
    resolve(
        case=case, by=mia, outcome="edited", body="Here too. [Offer taken out]", version=1, reason="An offer."
    )
    bens.refresh_from_db()
    assert (bens.body, bens.version, bens.edited_by) == ("Here too. [Offer taken out]", 2, mia)
    assert bens.edit_reason == "An offer."
    assert logged_actions() == ["edit", "settle_edited"]
    assert Case.objects.get().resolved_revision == 2


def test_edited_outcome_with_edit_conflict_leaves_case_open(case, bens, ben, mia, logged_actions):
    edit_post(post=bens, by=ben, body="Something else.", version=1)
    with pytest.raises(EditConflict):
        resolve(case=case, by=mia, outcome="edited", body="Here, three.", version=1)
    assert Case.objects.get().is_open
    assert logged_actions() == []


def test_suspended_outcome_suspends_author_and_removes_post(case, ben, mia, ada):
    until = timezone.now() + timedelta(days=7)
    resolve(case=case, by=mia, outcome="suspended", until=until, removes=True)
    sanction = Sanction.objects.get()
    assert (sanction.member, sanction.kind, sanction.until, sanction.by) == (ben, "suspension", until, mia)
    ben.refresh_from_db()
    assert ben.is_suspended
    assert Removal.objects.filter(post=case.post).exists()
    assert "suspend" not in " ".join(notification_texts(ada)).lower()
    assert "Your account was suspended. The post was removed." in notification_texts(ben)[-1]


def test_warned_outcome_warns_author_and_keeps_post(case, ben, mia, logged_actions):
    until = timezone.now() + timedelta(days=90)
    resolve(case=case, by=mia, outcome="warned", reason="Advertising.", until=until)
    sanction = Sanction.objects.get()
    assert (sanction.member, sanction.kind, sanction.by) == (ben, "warning", mia)
    assert (sanction.reason, sanction.until) == ("Advertising.", until)
    assert logged_actions() == ["warn_member", "settle_warned"]
    assert not Removal.objects.exists()
    assert "You received a warning. Reason: Advertising." in notification_texts(ben)[-1]


def test_closed_outcome_closes_topic_with_reason(case, topic, mia, logged_actions):
    resolve(case=case, by=mia, outcome="closed", reason="It leads nowhere.")
    assert Closure.objects.get(topic=topic).reason == "It leads nowhere."
    assert logged_actions() == ["close", "settle_closed"]


def test_removed_outcome_skips_post_already_removed(case, topic, mia, noor, logged_actions):
    remove_post(post=case.post, by=noor, reason="Spam.")
    resolve(case=case, by=mia, outcome="removed", reason="Spam.")
    assert logged_actions() == ["remove", "settle_removed"]
    assert Case.objects.get().done == {}


def test_failed_resolution_rolls_back_everything(case, bens, mia, ada, ben, logged_actions, monkeypatch):
    """The last step fails: the post is still visible, nobody was notified, the case is open."""

    def fail(case):
        raise RuntimeError

    monkeypatch.setattr(cases_resolve, "notify_author", fail)
    with pytest.raises(RuntimeError):
        resolve(case=case, by=mia, outcome="removed")
    assert (logged_actions(), notification_texts(ada), notification_texts(ben)) == ([], [], [])
    assert not Removal.objects.exists()
    assert Case.objects.get().is_open


def test_each_reporter_gets_notification_linking_own_report(case, bens, mia, cleo, ada):
    second = report_post(post=bens, by=cleo, reason="attack")
    resolve(case=case, by=mia, outcome="warned")
    assert Notification.objects.get(member=cleo).url == second.get_absolute_url()
    for reporter in (ada, cleo):
        assert "Moderators took action." in notification_texts(reporter)[0]
        assert "warn" not in notification_texts(reporter)[0].lower()


def test_longer_suspension_replaces_shorter_but_not_vice_versa(case, ben, mia, noor):
    soon, late = (timezone.now() + timedelta(days=days) for days in (1, 30))
    short = suspend_member(member=ben, by=noor, reason="Cool down.", until=soon)
    resolve(case=case, by=mia, outcome="suspended", until=late)
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
def test_author_notification_explains_appeal_but_not_who_reported(bens, ben, mia, outcome):
    zelda = make_user("zelda")
    case = report_post(post=bens, by=zelda, reason="other", comment="Between us.").case
    resolve(case=case, by=mia, outcome=outcome, body="Better.", version=1, note="Between staff.")
    words = notification_texts(ben)[-1]
    assert "You can appeal once" in words
    assert Notification.objects.filter(member=ben).last().url == f"/appeals/{case.pk}/"
    for secret in ("zelda", "Between us", "Between staff", "report", "mia"):
        assert secret not in words


def test_author_notification_with_longest_texts_explains_appeal(case, topic, ben, mia):
    topic.__class__.objects.update(title="x" * 150)
    resolve(case=case, by=mia, outcome="removed", reason="y" * 200)
    assert "You can appeal once, until" in notification_texts(ben)[0]
    assert len(notification_texts(ben)[0]) <= 500


# --- The page ---


@pytest.mark.parametrize(
    ("fields", "wrong_fields"),
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
def test_resolve_form_shows_errors_on_fields_required_by_outcome(sign_in, case, mia, fields, wrong_fields):
    response = sign_in(mia).post(f"/moderation/cases/{case.pk}/settle/", fields)
    assert (response.status_code, list(response.context["settle_form"].errors)) == (422, wrong_fields)
    assert Case.objects.get().is_open


def test_resolve_form_ignores_fields_of_other_outcomes(sign_in, case, mia):
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


def test_suspension_is_not_offered_for_author_of_higher_role(sign_in, topic, mia, noor, ada):
    from tests.conftest import reply_to

    case = report_post(post=reply_to(topic, noor), by=ada, reason="attack").case
    page = sign_in(mia).get(f"/moderation/cases/{case.pk}/").text
    assert 'value="removed"' in page
    assert 'value="suspended"' not in page
    fields = {"outcome": "suspended", "reason": "Spam.", "suspended_for": "7"}
    assert sign_in(mia).post(f"/moderation/cases/{case.pk}/settle/", fields).status_code == 422


@pytest.mark.slow
def test_resolve_and_next_redirects_to_next_unclaimed_case(sign_in, topic, case, ben, ada, mia, noor):
    from moderation.cases.claim import claim_case
    from tests.conftest import reply_to

    second, third = (report_post(post=reply_to(topic, ben), by=ada, reason="spam").case for _ in range(2))
    claim_case(case=second, by=noor)
    fields = {"outcome": "no_breach", "next": "1"}
    response = sign_in(mia).post(f"/moderation/cases/{case.pk}/settle/", fields)
    assert response["Location"] == third.get_absolute_url()


def test_undoing_removal_leaves_post_deleted_by_author_restorable(case, bens, ben, mia, noor):
    remove_post(post=bens, by=ben)
    resolve(case=case, by=mia, outcome="removed")
    undo_entry(entry=LogEntry.objects.get(act="remove"), by=noor)
    removal = Removal.objects.get(post=bens)
    assert (removal.removed_by, removal.reason) == (ben, "")
    assert LogEntry.objects.get(act="leave_to_author").undoes.act == "remove"
    assert restore_post(post=bens, by=ben)


def test_undoing_staff_restore_leaves_post_deleted_by_its_author(bens, ben, mia, noor):
    remove_post(post=bens, by=ben)
    restore_post(post=bens, by=mia)
    undo_entry(entry=LogEntry.objects.get(act="restore"), by=noor)
    assert Removal.objects.get(post=bens).removed_by == ben
    assert restore_post(post=bens, by=ben)


@pytest.mark.slow
def test_title_of_hidden_topic_is_not_revealed_to_author_or_reporter(
    case, topic, bens, ada, ben, mia, sign_in
):
    closed_room = Section.objects.create(name="Closed room", slug="closed-room", read_by="staff")
    dossier = start(closed_room, mia, "Dossier of spammers")
    move_posts(topic=topic, posts=[bens.pk], into=dossier, by=mia)
    write_to_reporter(report=case.reports.get(), by=mia, text="Where from?")
    resolve(case=case, by=mia, outcome="removed")
    said = notification_texts(ada) + notification_texts(ben)
    own = case.reports.get().get_absolute_url()
    said += [sign_in(ada).get(at).text for at in (own, "/reports/")]
    said.append(sign_in(ben).get(f"/appeals/{case.pk}/").text)
    assert len(said) >= 6
    assert not [text for text in said if "Dossier" in text]
