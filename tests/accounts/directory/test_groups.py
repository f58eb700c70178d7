"""Managing groups."""

import pytest
from django.shortcuts import get_object_or_404

from accounts.access.roles import NotAdminError
from accounts.directory.groups import (
    add_to_group,
    create_group,
    delete_group,
    remove_from_group,
    rename_group,
)
from accounts.models import Group
from accounts.models.log_entry import LogEntry
from forum.models import SectionGrant


@pytest.fixture
def helpers(db):
    return Group.objects.create(name="Helpers")


@pytest.fixture
def admin(sign_in, noor):
    return sign_in(noor)


def logged_actions() -> list[tuple[str, str]]:
    return list(LogEntry.objects.order_by("pk").values_list("act", "target_name"))


def test_admin_can_create_rename_and_delete_group(admin):
    admin.post("/manage/groups/", {"name": " Night   watch "})
    group = Group.objects.get()
    assert group.name == "Night watch"
    admin.post(f"/manage/groups/{group.pk}/rename/", {"name": "Day watch"})
    admin.post(f"/manage/groups/{group.pk}/delete/")
    assert not Group.objects.exists()
    assert logged_actions() == [
        ("make_group", "Night watch"),
        ("rename_group", "Day watch"),
        ("delete_group", "Day watch"),
    ]


def test_admin_can_add_and_remove_group_member(admin, helpers, ada):
    for _ in range(2):
        assert admin.post(f"/manage/groups/{helpers.pk}/add/", {"name": "ADA"}).status_code == 302
    assert list(helpers.members.all()) == [ada]
    for _ in range(2):
        admin.post(f"/manage/groups/{helpers.pk}/members/{ada.pk}/take/")
    assert not helpers.members.exists()
    assert [act for act, _ in logged_actions()] == ["add_to_group", "take_from_group"]


def test_adding_unknown_username_is_rejected(admin, helpers):
    answer = admin.post(f"/manage/groups/{helpers.pk}/add/", {"name": "whoever"})
    assert answer.status_code == 422
    assert "No member has this username" in answer.text


def test_duplicate_group_name_is_rejected(admin, helpers):
    assert admin.post("/manage/groups/", {"name": "helpers"}).status_code == 422
    assert Group.objects.count() == 1


def test_group_used_by_section_cannot_be_deleted(admin, helpers, talk):
    SectionGrant.objects.create(section=talk, group=helpers, act="read")
    answer = admin.post(f"/manage/groups/{helpers.pk}/delete/")
    assert answer.status_code == 409
    page = answer.text
    assert f'<a href="/manage/sections/{talk.pk}/">Talk</a>' in page
    assert 'data-act="delete-group"' not in page
    assert Group.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("act", ["rename", "delete", "add", "take"])
def test_concurrently_deleted_group_is_not_found(admin, helpers, noor, ada, act, monkeypatch):
    def found_and_then_deleted(*args, **kwargs):
        found = get_object_or_404(*args, **kwargs)
        if isinstance(found, Group):
            delete_group(group=found, by=noor)
        return found

    monkeypatch.setattr("accounts.directory.group_views.get_object_or_404", found_and_then_deleted)
    path = f"members/{ada.pk}/take" if act == "take" else act
    answer = admin.post(f"/manage/groups/{helpers.pk}/{path}/", {"name": "ada"})
    assert answer.status_code == 404
    assert logged_actions() == [("delete_group", "Helpers")]


@pytest.mark.parametrize("who", ["nobody", "ada", "mia"])
def test_only_admin_can_manage_groups(sign_in, request, helpers, ada, who):
    browser = sign_in(None if who == "nobody" else request.getfixturevalue(who))
    here = f"/manage/groups/{helpers.pk}"
    for path, fields in [
        ("/manage/groups/", {"name": "Mine"}),
        (f"{here}/rename/", {"name": "Mine"}),
        (f"{here}/add/", {"name": "ada"}),
        (f"{here}/delete/", {}),
    ]:
        assert browser.post(path, fields).status_code in (403, 404)
    assert list(Group.objects.values_list("name", flat=True)) == ["Helpers"]
    assert not helpers.members.exists()
    assert not LogEntry.objects.exists()


def test_group_functions_reject_non_admins(helpers, ada, mia):
    for act in (
        lambda: create_group(name="Mine", by=mia),
        lambda: rename_group(group=helpers, name="Mine", by=mia),
        lambda: delete_group(group=helpers, by=mia),
        lambda: add_to_group(group=helpers, member=ada, by=mia),
        lambda: remove_from_group(group=helpers, member=ada, by=mia),
    ):
        with pytest.raises(NotAdminError):
            act()
    assert logged_actions() == []
