"""The list of a member's drafts says what each is, once."""

import pytest

from forum.drafts import store as drafts_store

pytestmark = pytest.mark.django_db


def test_list_shows_the_title_of_a_draft_once(talk, topic, ben, sign_in):
    drafts_store.save(
        by=ben, draft_key=f"topic:{talk.pk}", version=0, title="A drafty title", body="Something I began"
    )
    drafts_store.save(by=ben, draft_key=f"reply:{topic.pk}", version=0, body="An answer")
    page = sign_in(ben).get("/drafts/").text
    assert page.count("A drafty title") == 1
    assert "Something I began" in page
    assert "An answer" in page


def test_list_shows_the_title_of_a_draft_without_body_once(talk, ben, sign_in):
    drafts_store.save(by=ben, draft_key=f"topic:{talk.pk}", version=0, title="A drafty title")
    assert sign_in(ben).get("/drafts/").text.count("A drafty title") == 1
