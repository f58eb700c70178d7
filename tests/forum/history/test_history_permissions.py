"""Who may read earlier revisions: in each section everyone, members or staff, and always the author."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import LogEntry
from forum.access import permissions
from forum.models import Section
from forum.posts.edit import edit_post
from forum.thanks.thank import thank_post
from tests.conftest import make_user, offers, reply_to
from tests.forum.quotes.test_quote import quote

pytestmark = pytest.mark.django_db

BEFORE = "Xylophone4711"
READERS = {
    "everyone": {"guest", "author", "member", "moderator", "elsewhere", "admin"},
    "members": {"author", "member", "moderator", "elsewhere", "admin"},
    "staff": {"author", "moderator", "admin"},
}


@pytest.fixture
def edited(topic, bens, ben):
    """Ben's post, after an edit."""
    edit_post(post=bens, by=ben, body=f"{BEFORE}.", version=1)
    return edit_post(post=bens, by=ben, body="Nothing any more.", version=2)


@pytest.fixture
def people(ben, cleo, mia, noor):
    other = Section.objects.create(name="Else", slug="else")
    oto = make_user("oto", "moderator")
    oto.moderates = [other.pk]
    oto.save()
    return {"guest": None, "author": ben, "member": cleo, "moderator": mia, "elsewhere": oto, "admin": noor}


def set_history_readers(audience: str) -> None:
    Section.objects.filter(slug="talk").update(history_by=audience)


@pytest.mark.slow
@pytest.mark.parametrize("audience", READERS)
def test_history_page_and_link_are_only_for_allowed_readers(edited, people, sign_in, audience):
    set_history_readers(audience)
    for who, person in people.items():
        client, may = sign_in(person), who in READERS[audience]
        answered = client.get(edited.url_for("history") + "?from=2&to=3")
        if may:
            assert answered.status_code == 200
            assert BEFORE in answered.text
        elif person is None:
            assert answered["Location"].startswith("/account/login/?next=%2Fp%2F"), who
        else:
            assert answered.status_code == 403, who
            assert BEFORE not in answered.text
        page = client.get(edited.topic.get_absolute_url())
        assert offers(page, "history") is may, who
        assert (edited.url_for("history") in page.text) is may, who
        edited.refresh_from_db()
        again = permissions.can_read_history(person or AnonymousUser(), edited)
        assert again is may


@pytest.mark.slow
def test_change_notices_link_to_the_history_only_for_allowed_readers(
    topic, edited, ben, ada, cleo, mia, sign_in
):
    thank_post(post=edited, by=cleo)
    reply_to(topic, ada, quote(edited, "Nothing any more.", revision=3))
    edit_post(post=edited, by=ben, body="Altogether new.", version=3)
    for audience, links in (("members", 2), ("staff", 0)):
        set_history_readers(audience)
        topic.change()
        page = sign_in(cleo).get(topic.get_absolute_url()).text
        assert "Changed since you thanked" in page
        assert "edited since" in page
        assert page.count("history/?from=3&amp;to=4") + page.count("history/?from=3&to=4") == links
        guest = sign_in(None).get(topic.get_absolute_url()).text
        assert "/history/" not in guest


@pytest.mark.slow
def test_merge_message_links_to_the_history_of_own_post(topic, original, ada, mia, sign_in):
    set_history_readers("staff")
    body = "One.\n\nTwo.\n\nThree."
    edit_post(post=original, by=ada, body=body, version=1)
    edit_post(post=original, by=mia, body=body.replace("Three", "Four"), version=2, reason="r")
    client = sign_in(ada)
    client.post(original.url_for("edit"), {"body": body.replace("One", "Null"), "version": 2, "reason": ""})
    page = client.get(topic.get_absolute_url()).text
    assert "Your edit was merged with edits by <bdi>mia</bdi>" in page
    assert "See what changed" in page  # it is their own post


class TestSectionSetting:
    TERMS = {"name": "Talk", "read_by": "everyone", "start_by": "members", "reply_by": "members"}  # noqa: RUF012

    def test_admin_can_change_the_setting_and_the_change_is_logged(self, talk, noor, sign_in):
        client, address = sign_in(noor), f"/manage/sections/{talk.pk}/"
        assert 'value="everyone" selected>Everyone who can read the post' in client.get(address).text
        client.post(address, {**self.TERMS, "history_by": "staff", "fold_thanks": "on"})
        talk.refresh_from_db()
        assert talk.history_by == "staff"
        assert LogEntry.objects.get().why == "history_by"
        assert 'value="staff" selected>Staff and the author' in client.get(address).text

    def test_form_without_the_field_does_not_change_the_setting(self, talk, noor, sign_in):
        set_history_readers("staff")
        sign_in(noor).post(f"/manage/sections/{talk.pk}/", {**self.TERMS, "fold_thanks": "on"})
        talk.refresh_from_db()
        assert talk.history_by == "staff"

    def test_new_section_shows_the_history_to_everyone(self, noor, sign_in):
        sign_in(noor).post("/manage/sections/new/", {**self.TERMS, "name": "New"})
        assert Section.objects.get(name="New").history_by == "everyone"

    @pytest.mark.parametrize("nonsense", ["groups", "nobody"])
    def test_invalid_value_is_rejected(self, talk, noor, sign_in, nonsense):
        said = {**self.TERMS, "history_by": nonsense}
        assert sign_in(noor).post(f"/manage/sections/{talk.pk}/", said).status_code == 422
