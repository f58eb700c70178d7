"""Warning, silencing, suspending, lifting: what each does, who may do it, and what the second moderator sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import LogEntry, Rule, Sanction, Session, User
from forum.access.errors import NotAllowed
from forum.access.permissions import can_write, is_member
from moderation.access.errors import AlreadyLifted, AlreadySanctioned
from moderation.log.undo import undo_entry
from moderation.members.sanction import lift_sanction, silence_member, suspend_member, warn_member
from notifications.models import Notification
from tests.conftest import browser_of, make_user

pytestmark = pytest.mark.django_db

RESTRICTIONS = {"silence": silence_member, "suspend": suspend_member}
SANCTIONS = {"warn": warn_member, **RESTRICTIONS}


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def max(db) -> User:
    """A moderator of no existing section."""
    max = make_user("max", "moderator")
    User.objects.filter(pk=max.pk).update(moderates=[987_654])
    max.refresh_from_db()
    return max


@pytest.mark.parametrize("act", SANCTIONS)
def test_sanction_is_stored_logged_and_notified(act, cleo, mia):
    rule, until = Rule.objects.current().first(), in_days(3)
    sanction = SANCTIONS[act](member=cleo, by=mia, reason="Be kind.", rule=rule, until=until)
    assert (sanction.member, sanction.by, sanction.reason, sanction.rule) == (cleo, mia, "Be kind.", rule)
    assert sanction.is_active
    told = Notification.objects.get(member=cleo)
    assert "Be kind." in told.text
    assert str(rule) in told.text
    assert "mia" not in told.text
    entry = LogEntry.objects.get()
    assert (entry.act, entry.target_id, entry.member, entry.why) == (
        f"{act}_member",
        cleo.pk,
        cleo,
        "Be kind.",
    )
    assert entry.facts["after"]["sanction"] == sanction.pk


def test_warned_member_can_still_write(cleo, mia):
    warn_member(member=cleo, by=mia, reason="Be kind.")
    cleo.refresh_from_db()
    assert can_write(cleo)


def test_silenced_member_can_read_but_not_write(cleo, mia):
    silence_member(member=cleo, by=mia, reason="Be kind.", until=in_days(1))
    cleo.refresh_from_db()
    assert (is_member(cleo), can_write(cleo)) == (True, False)


def test_suspended_moderator_has_rights_of_a_guest(mia, noor):
    suspend_member(member=mia, by=noor, reason="Enough.")
    mia.refresh_from_db()
    assert (mia.is_suspended, is_member(mia), mia.is_staff, mia.is_admin) == (True, False, False, False)
    assert mia.shows_role  # her earlier posts stay marked as a moderator's


def test_suspension_ends_all_sessions_of_that_member_only(cleo, ben, mia):
    clients = [browser_of(cleo), browser_of(cleo), browser_of(ben)]
    suspend_member(member=cleo, by=mia, reason="Enough.")
    assert list(Session.objects.exclude(member=None).values_list("member", flat=True)) == [ben.pk]
    assert [client.get("/drafts/").status_code for client in clients] == [302, 302, 200]


@pytest.mark.parametrize("act", RESTRICTIONS)
def test_restriction_expires(act, cleo, mia):
    RESTRICTIONS[act](member=cleo, by=mia, reason="Enough.", until=in_days(1))
    column = {"silence": "silenced_until", "suspend": "suspended_until"}[act]
    past = timezone.now() - timedelta(seconds=1)
    Sanction.objects.update(at=past - timedelta(days=1), until=past)
    User.objects.filter(pk=cleo.pk).update(**{column: past})
    cleo.refresh_from_db()
    assert can_write(cleo)
    assert RESTRICTIONS[act](member=cleo, by=mia, reason="Again.").is_active


@pytest.mark.parametrize("act", RESTRICTIONS)
def test_second_restriction_raises_already_sanctioned(act, cleo, mia, noor):
    first = RESTRICTIONS[act](member=cleo, by=mia, reason="Enough.")
    with pytest.raises(AlreadySanctioned) as refusal:
        RESTRICTIONS[act](member=cleo, by=noor, reason="I say so too.")
    assert refusal.value.sanction == first
    assert LogEntry.objects.count() == Notification.objects.count() == 1


def test_warning_is_rejected_if_newer_warning_was_not_seen(cleo, mia, noor):
    first = warn_member(member=cleo, by=mia, reason="Be kind.", seen=0)
    with pytest.raises(AlreadySanctioned):
        warn_member(member=cleo, by=noor, reason="Be kind!", seen=0)
    assert warn_member(member=cleo, by=noor, reason="And again.", seen=first.pk)


@pytest.mark.parametrize("act", SANCTIONS)
def test_sanction_requires_higher_role_or_another_admin(act, ada, mia, noor):
    other, second = make_user("otto", "moderator"), make_user("nell", "admin")
    for by, member in ((ada, mia), (ada, ada), (mia, other), (mia, mia), (mia, noor), (noor, noor)):
        with pytest.raises(NotAllowed):
            SANCTIONS[act](member=member, by=by, reason="No.")
    for by, member in ((mia, ada), (noor, other), (noor, second)):
        assert SANCTIONS[act](member=member, by=by, reason="Yes.")


def test_section_moderator_can_only_warn(max, cleo):
    assert warn_member(member=cleo, by=max, reason="Be kind.")
    for act in RESTRICTIONS.values():
        with pytest.raises(NotAllowed):
            act(member=cleo, by=max, reason="No.")


def test_suspended_admin_cannot_suspend_the_other_admin(noor):
    second = make_user("nell", "admin")
    suspend_member(member=second, by=noor, reason="You.")
    with pytest.raises(NotAllowed):  # with the rights that she had when she opened the page
        suspend_member(member=noor, by=second, reason="No, you.")
    assert User.objects.get(pk=noor.pk).is_admin


@pytest.mark.parametrize("act", SANCTIONS)
def test_sanction_is_lifted_once_and_member_is_notified(act, cleo, mia, noor):
    sanction = SANCTIONS[act](member=cleo, by=mia, reason="Enough.")
    lift_sanction(sanction=sanction, by=noor, reason="A mistake.")
    cleo.refresh_from_db()
    assert can_write(cleo)
    sanction.refresh_from_db()
    assert (sanction.lifted_by, sanction.is_active) == (noor, False)
    assert LogEntry.objects.filter(act="lift_sanction", why="A mistake.").count() == 1
    assert Notification.objects.filter(member=cleo).count() == 2
    with pytest.raises(AlreadyLifted):
        lift_sanction(sanction=sanction, by=mia)
    assert LogEntry.objects.filter(act="lift_sanction").count() == 1


def test_moderator_cannot_lift_sanction_imposed_by_admin(cleo, mia, noor):
    sanction = suspend_member(member=cleo, by=noor, reason="Enough.")
    with pytest.raises(NotAllowed):
        lift_sanction(sanction=sanction, by=mia)


@pytest.mark.parametrize("act", SANCTIONS)
def test_sanction_and_its_lifting_can_be_undone(act, cleo, mia):
    SANCTIONS[act](member=cleo, by=mia, reason="Enough.", until=in_days(2))
    undo_entry(entry=LogEntry.objects.get(act=f"{act}_member"), by=mia)
    cleo.refresh_from_db()
    assert can_write(cleo)
    again = SANCTIONS[act](member=cleo, by=mia, reason="Enough.", until=in_days(2))
    lift_sanction(sanction=again, by=mia)
    undo_entry(entry=LogEntry.objects.filter(act="lift_sanction").latest("pk"), by=mia)
    again.refresh_from_db()
    cleo.refresh_from_db()
    assert again.is_active
    assert can_write(cleo) is (act == "warn")
