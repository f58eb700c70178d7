"""Giving and taking roles. The community always has an admin."""

from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from django.utils import timezone

from accounts.access import roles
from accounts.models import User
from accounts.models.log_entry import LogEntry
from tests.conftest import make_user
from tests.support.concurrency import run_concurrently

Role = User.Role


def role_of(person: User) -> str:
    return User.objects.get(pk=person.pk).role


@pytest.fixture
def url(ada):
    return f"/manage/members/{ada.pk}/"


@pytest.mark.slow
def test_admin_can_make_member_a_moderator(sign_in, noor, ada, url):
    answer = sign_in(noor).post(url, {"role": "moderator", "why": "She helps already."})
    assert answer.status_code == 302
    assert role_of(ada) == "moderator"
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why) == ("make_moderator", noor, "She helps already.")
    assert (entry.target_kind, entry.target_id, entry.target_name) == ("user", ada.pk, "ada")


@pytest.mark.parametrize("who", ["nobody", "ada", "mia"])
def test_only_admin_can_change_roles(sign_in, request, ada, url, who):
    person = None if who == "nobody" else request.getfixturevalue(who)
    answer = sign_in(person).post(url, {"role": "admin"})
    assert answer.status_code == (403 if person is None else 404)
    assert role_of(ada) == "member"
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "path", ["/manage/members/", "/manage/members/1/", "/manage/groups/", "/manage/groups/1/"]
)
def test_admin_pages_are_404_for_non_admins(sign_in, ada, mia, path):
    for person in (ada, mia):
        gone = sign_in(person).get("/no/such/page/")
        page = sign_in(person).get(path)
        assert (page.status_code, page.content) == (404, gone.content)
    assert sign_in(None).get(path).url.startswith("/account/login/?next=")


def test_removed_role_applies_at_next_request(sign_in, noor, url, ada):
    other = make_user("olga", "admin")
    browser = sign_in(other)
    assert browser.get("/manage/members/").status_code == 200
    roles.change_role(member=other, role=Role.MEMBER, by=noor)
    assert browser.get("/manage/members/").status_code == 404


def test_unchanged_role_is_not_logged(noor, ada):
    assert roles.change_role(member=ada, role=Role.MEMBER, by=noor) is False
    assert not LogEntry.objects.exists()


def test_last_admin_cannot_step_down(sign_in, noor):
    answer = sign_in(noor).post(f"/manage/members/{noor.pk}/", {"role": "member"})
    assert answer.status_code == 409
    assert "At least one admin is required" in answer.text
    assert role_of(noor) == "admin"


def test_unknown_role_is_rejected(sign_in, noor, ada, url):
    assert sign_in(noor).post(url, {"role": "emperor"}).status_code == 422
    assert role_of(ada) == "member"


def test_demoted_admin_cannot_change_roles(noor, ada):
    olga, pavel = make_user("olga", "admin"), make_user("pavel", "admin")
    roles.change_role(member=olga, role=Role.MEMBER, by=noor)
    with pytest.raises(roles.NotAdminError):
        roles.change_role(member=pavel, role=Role.MEMBER, by=olga)
    assert role_of(pavel) == "admin"


def demote(member: User, by: User):
    return lambda: roles.change_role(member=member, role=Role.MEMBER, by=by)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_demotions_leave_one_admin():
    """Each steps down, or each demotes the other. Both never succeed."""
    for number in range(10):
        one, two = make_user(f"one{number}", "admin"), make_user(f"two{number}", "admin")
        pairs = [(one, one), (two, two)] if number % 2 else [(one, two), (two, one)]
        outcomes = run_concurrently(*(demote(member, by) for member, by in pairs))
        assert outcomes.count(True) == 1, outcomes
        assert User.objects.filter(role="admin").count() == 1
        User.objects.filter(role="admin").update(role="member")


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_both_demotions_succeed(monkeypatch):
    """The control of the test above: without the locks, the community ends up without an admin."""
    import time

    from django.db.models import QuerySet

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    save = User.save
    monkeypatch.setattr(User, "save", lambda self, **kwargs: (time.sleep(0.05), save(self, **kwargs)))
    monkeypatch.setattr(roles, "log_action", lambda *_, **__: None)
    one, two = make_user("one", "admin"), make_user("two", "admin")
    outcomes = run_concurrently(demote(one, one), demote(two, two))
    assert outcomes.count(True) == 2
    assert not User.objects.filter(role="admin").exists()


def test_password_change_does_not_overwrite_role(mia, noor):
    """The member is read when the request begins, and hashing the password takes a while."""
    in_request = User.objects.get(pk=mia.pk)
    roles.change_role(member=mia, role="member", by=noor)
    get_adapter().set_password(in_request, "a-new-bell-in-a-tower")
    mia.refresh_from_db()
    assert mia.role == "member"
    assert mia.check_password("a-new-bell-in-a-tower")


def test_suspended_admin_does_not_count_as_admin(noor):
    """A suspended admin does not count as an active admin, and can give and take no roles."""
    nell = make_user("nell", "admin")
    User.objects.filter(pk=nell.pk).update(suspended_until=timezone.now() + timedelta(days=1))
    with pytest.raises(roles.LastAdminError):
        roles.change_role(member=noor, role=Role.MEMBER, by=noor)
    with pytest.raises(roles.NotAdminError):
        roles.change_role(member=noor, role=Role.MEMBER, by=nell)
    assert role_of(noor) == "admin"
