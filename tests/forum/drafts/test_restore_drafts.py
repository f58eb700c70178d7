"""Drafts where their writer finds them again, in the list and in every composer; and nobody else sees them."""

import pytest

from forum.drafts import store as drafts_store
from forum.models import Draft, Section
from forum.posts.edit import edit_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from tests.conftest import reply_to, start
from tests.forum.drafts.test_drafts import TEXT, form_at, place, save, save_as_json
from tests.support.page import Page

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_every_composer_restores_the_draft(topic, talk, bens, ben, sign_in):
    client = sign_in(ben)
    pages = {
        place(topic): [topic.get_absolute_url(), topic.url_for("reply")],
        f"topic:{talk.pk}": ["/s/talk/new/"],
        f"edit:{bens.pk}": [f"/p/{bens.pk}/edit/"],
    }
    for name, addresses in pages.items():
        version = save_as_json(client, name, title="A title", reason="Why", version="1").json()["version"]
        for address in addresses:
            said = form_at(client, address)
            assert (said["body"], said["draft"]) == (TEXT, str(version))
            assert said.get("title", "A title") == "A title"
            assert said.get("reason", "Why") == "Why"
            html = client.get(address).text
            assert "Draft saved" in html
            # Discarding it there removes what the browser keeps of it.
            assert Page(html).one(".draft-note")["data-discards"] == name
        assert "Draft saved" not in sign_in(topic.started_by).get(topic.get_absolute_url()).text


def test_restored_edit_draft_keeps_its_base_version(bens, ben, mia, sign_in):
    client = sign_in(ben)
    save_as_json(client, f"edit:{bens.pk}", body="Here three.", version="1")
    edit_post(post=bens, by=mia, body="Staff's words", version=1, reason="r")
    said = form_at(client, f"/p/{bens.pk}/edit/")
    assert (said["body"], said["version"]) == ("Here three.", "1")
    assert client.post(f"/p/{bens.pk}/edit/", said).status_code == 409


def test_restoring_a_draft_adds_no_query_to_the_topic_page(topic, ben, sign_in, django_assert_num_queries):
    client = sign_in(ben)
    client.get(topic.get_absolute_url())
    with django_assert_num_queries(3):
        client.get(topic.get_absolute_url())
    save_as_json(client, place(topic))
    with django_assert_num_queries(3):
        assert form_at(client, topic.get_absolute_url())["body"] == TEXT


@pytest.fixture
def four(topic, talk, bens, ben, mia) -> dict[str, Draft]:
    """One that can go on, one whose topic is closed, one whose post was removed, one whose section is hidden."""
    closed = start(talk, mia, "A closed one")
    removed = reply_to(topic, ben, "To be removed.")
    hidden = start(Section.objects.create(name="Gone", slug="gone", place=9), mia, "A hidden one")
    names = {
        "open": place(topic),
        "closed": place(closed),
        "removed": f"edit:{removed.pk}",
        "hidden": place(hidden),
    }
    made = {
        state: drafts_store.save(by=ben, draft_key=name, version=0, body=f"{state} <thought> {'x ' * 300}end")
        for state, name in names.items()
    }
    close_topic(topic=closed, by=mia, reason="Done.")
    remove_post(post=removed, by=mia, reason="Rude.")
    Section.objects.filter(slug="gone").update(read_by=Section.Audience.STAFF)
    return made


def test_list_links_only_drafts_that_can_be_continued(four, topic, ben, sign_in):
    page = sign_in(ben).get("/drafts/").text
    for state in four:
        assert f"{state} &lt;thought&gt;" in page
    assert "A hidden one" not in page
    assert "Gone" not in page
    assert page.count('data-act="continue"') == 1
    assert f'href="{topic.url_for("reply")}" data-act="continue"' in page


def test_full_text_of_every_draft_can_be_read(four, ben, sign_in):
    for draft in four.values():
        page = sign_in(ben).get(f"/drafts/{draft.pk}/").text
        assert "x end</textarea>" in page
        assert "A hidden one" not in page


def test_list_of_many_drafts_costs_at_most_six_queries(
    talk, ben, mia, sign_in, django_assert_max_num_queries
):
    theirs = [place(start(talk, mia, f"T{number}")) for number in range(5)]
    for name in [*theirs, *(f"reply:{number + 10**6}" for number in range(15))]:
        drafts_store.save(by=ben, draft_key=name, version=0, body="x")
    client = sign_in(ben)
    with django_assert_max_num_queries(6):
        client.get("/drafts/")


def test_draft_in_a_closed_topic_can_be_saved(four, ben, mia, sign_in):
    closed = four["closed"]
    response = save(sign_in(ben), closed.place, closed.version)
    assert response.url == "/drafts/"
    closed.refresh_from_db()
    assert closed.body == TEXT


def test_discard_deletes_the_draft_and_redirects_only_within_the_site(four, ben, sign_in):
    client, draft = sign_in(ben), four["open"]
    assert client.post(f"/drafts/{draft.pk}/discard/", {"next": "/t/1/x/"}).url == "/t/1/x/"
    assert client.post(f"/drafts/{draft.pk}/discard/").status_code == 404
    assert client.post(f"/drafts/{four['closed'].pk}/discard/", {"next": "//evil.example/"}).url == "/drafts/"
    assert Draft.objects.count() == 2


@pytest.mark.slow
def test_draft_cannot_be_read_changed_or_discarded_by_others(topic, ben, ada, mia, noor, sign_in):
    draft = drafts_store.save(by=ben, draft_key=place(topic), version=0, body="canary-7f3a")
    for person in (None, ada, mia, noor):
        client = sign_in(person)
        for address in (
            "/drafts/",
            f"/drafts/{draft.pk}/",
            topic.get_absolute_url(),
            topic.url_for("reply"),
            "/",
        ):
            assert "canary-7f3a" not in client.get(address, follow=True).text
        assert client.post(f"/drafts/{draft.pk}/discard/").status_code in (403, 404)
        said = save_as_json(client, place(topic), draft.version, body="mine")
        assert "canary-7f3a" not in said.text
    assert Draft.objects.get(pk=draft.pk).body == "canary-7f3a"


def test_guest_cannot_save_a_draft_but_the_text_is_preserved(topic, guest):
    response = save(guest, place(topic))
    assert response.status_code == 403
    assert "half a &lt;b&gt;thought" in response.text
    assert not Draft.objects.exists()
