"""Sections at /manage/: created, changed, ordered and archived by admins, each with an entry in the log."""

import pytest

from accounts.models import Group, LogEntry, SiteVersion
from forum.access.errors import NotAllowed
from forum.models import Section, SectionGrant
from forum.sections.forms import SectionForm
from forum.sections.manage import archive_section, change_section, create_section, move_section
from tests.conftest import start

pytestmark = pytest.mark.django_db

FORM_DATA = {
    "name": "Weaving",
    "description": "Looms.",
    "read_by": "everyone",
    "start_by": "members",
    "reply_by": "members",
    "fold_thanks": "on",
}


def logged_actions() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("act", flat=True))


def test_admin_creates_section(noor, sign_in):
    response = sign_in(noor).post("/manage/sections/new/", FORM_DATA)
    assert response.status_code == 302
    section = Section.objects.get()
    assert (section.name, section.slug, section.description_html) == ("Weaving", "weaving", "<p>Looms.</p>")
    assert logged_actions() == ["make_section"]


def test_slugs_are_unique_and_survive_renaming(noor):
    first = create_section(by=noor, grants={}, name="A b", description="")
    second = create_section(by=noor, grants={}, name="A-B", description="")
    assert (first.slug, second.slug) == ("a-b", "a-b-2")
    change_section(section=first, by=noor, grants={}, name="Else")
    first.refresh_from_db()
    assert (first.name, first.slug) == ("Else", "a-b")


def test_section_change_is_logged_and_outdates_all_pages_once(talk, topic, noor, sign_in):
    before = SiteVersion.objects.get().number
    form_data = {**FORM_DATA, "name": "Talk", "description": "", "read_by": "members"}
    sign_in(noor).post(f"/manage/sections/{talk.pk}/", form_data)
    talk.refresh_from_db()
    assert talk.read_by == "members"
    assert (LogEntry.objects.get().act, LogEntry.objects.get().why) == ("change_section", "read_by")
    site_version = SiteVersion.objects.get().number
    assert site_version > before
    sign_in(noor).post(f"/manage/sections/{talk.pk}/", form_data)
    assert len(logged_actions()) == 1  # nothing changed
    assert SiteVersion.objects.get().number == site_version


def test_group_members_can_read_section_until_they_leave(talk, topic, ben, noor, sign_in):
    group = Group.objects.create(name="Weavers")
    group.members.add(ben)
    form_data = {**FORM_DATA, "name": "Talk", "read_by": "groups"}
    response = sign_in(noor).post(f"/manage/sections/{talk.pk}/", form_data)
    assert response.status_code == 422  # which groups?
    sign_in(noor).post(f"/manage/sections/{talk.pk}/", {**form_data, "read_groups": [group.pk]})
    assert sign_in(ben).get("/s/talk/").status_code == 200
    group.members.remove(ben)
    assert sign_in(ben).get("/s/talk/").status_code == 404


def test_sections_move_up_and_down(noor, sign_in):
    a, b, c = (create_section(by=noor, grants={}, name=name, description="") for name in "abc")
    sign_in(noor).post(f"/manage/sections/{c.pk}/up/")
    sign_in(noor).post(f"/manage/sections/{a.pk}/down/")
    assert "".join(Section.objects.in_order().values_list("name", flat=True)) == "cab"
    entries = len(logged_actions())
    sign_in(noor).post(f"/manage/sections/{c.pk}/up/")
    assert len(logged_actions()) == entries  # the first cannot go further


def test_section_is_archived_and_unarchived(talk, noor, sign_in):
    client = sign_in(noor)
    for _ in range(2):
        client.post(f"/manage/sections/{talk.pk}/archive/")
    talk.refresh_from_db()
    assert talk.is_archived
    client.post(f"/manage/sections/{talk.pk}/unarchive/")
    talk.refresh_from_db()
    assert not talk.is_archived
    assert logged_actions() == ["archive_section", "unarchive_section"]


@pytest.mark.parametrize(
    ("fields", "invalid_field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "TALK"}, "name"),
        ({"start_by": "everyone"}, "start_by"),
        ({"read_by": "nobody"}, "read_by"),
        ({"description": "x" * 2001}, "description"),
    ],
)
def test_invalid_field_shows_error(talk, noor, sign_in, fields, invalid_field):
    response = sign_in(noor).post("/manage/sections/new/", {**FORM_DATA, **fields})
    assert response.status_code == 422
    assert invalid_field in response.context["form"].errors
    assert Section.objects.count() == 1


@pytest.mark.parametrize("address", ["/manage/sections/new/", "/manage/sections/{}/"])
def test_name_taken_concurrently_shows_field_error(talk, news, noor, sign_in, monkeypatch, address):
    monkeypatch.setattr(SectionForm, "clean_name", lambda form: form.cleaned_data["name"])  # free until then
    response = sign_in(noor).post(address.format(news.pk), {**FORM_DATA, "name": "Talk"})
    assert response.status_code == 422
    assert response.context["form"].errors["name"] == ["Another section already has this name."]
    assert sorted(Section.objects.values_list("name", flat=True)) == ["News", "Talk"]
    assert logged_actions() == []


@pytest.mark.parametrize("act", ["", "up/", "down/", "archive/", "unarchive/"])
def test_only_admins_manage_sections(talk, ada, mia, guest, sign_in, act):
    address = f"/manage/sections/{talk.pk}/{act}"
    for client, status in ((sign_in(ada), 404), (sign_in(mia), 404), (guest, 403)):
        assert client.post(address, {**FORM_DATA, "name": "Taken over"}).status_code == status
    talk.refresh_from_db()
    assert (talk.name, talk.is_archived, logged_actions()) == ("Talk", False, [])


def test_section_actions_raise_not_allowed_for_moderator(talk, mia):
    for act in (
        lambda: create_section(by=mia, grants={}, name="x", description=""),
        lambda: change_section(section=talk, by=mia, grants={}, name="x"),
        lambda: move_section(section=talk, by=mia, up=True),
        lambda: archive_section(section=talk, by=mia),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_hidden_section_disappears_for_guests_at_once(talk, topic, noor, guest):
    assert guest.get(topic.get_absolute_url()).status_code == 200
    change_section(section=talk, by=noor, grants={}, read_by="members")
    assert guest.get(topic.get_absolute_url()).status_code == 404
    assert start(talk, noor).title not in guest.get("/").text


def test_list_names_groups_and_form_preselects_them(sign_in, talk, noor):
    ringers = Group.objects.create(name="Ringers")
    Section.objects.filter(pk=talk.pk).update(read_by="groups")
    SectionGrant.objects.create(section=talk, group=ringers, act="read")
    assert "<li>Ringers</li>" in sign_in(noor).get("/manage/sections/").text
    page = sign_in(noor).get(f"/manage/sections/{talk.pk}/").text
    assert f'value="{ringers.pk}" id="id_read_groups_0" checked' in page
    assert f'value="{ringers.pk}" id="id_reply_groups_0">' in page
