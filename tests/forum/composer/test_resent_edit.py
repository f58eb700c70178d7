"""The same edit sent again changes nothing, whatever has happened to the post since."""

import pytest

from forum.models import Post
from forum.posts import edit as posts_edit
from tests.forum.composer.conftest import RECIPE, revision_bodies
from tests.support.forms import send_edit

pytestmark = pytest.mark.django_db


def test_merged_edit_sent_twice_creates_one_revision(recipe, ada, sign_in):
    client = sign_in(ada)
    for _ in range(2):
        assert send_edit(client, recipe, RECIPE.replace("Salt", "Pepper")).status_code == 302
    assert len(revision_bodies(recipe)) == 3


def test_resent_merged_edit_does_not_revert_later_edits(recipe, ada, mia):
    once = posts_edit.edit_post(post=recipe, by=ada, body=RECIPE.replace("Salt", "Pepper"), version=1)
    posts_edit.edit_post(post=recipe, by=mia, body=once.body.replace("Flour", "Oats"), version=3, reason="r")
    again = posts_edit.edit_post(post=recipe, by=ada, body=RECIPE.replace("Salt", "Pepper"), version=1)
    assert (again.version, again.body) == (4, "Oats\n\nThree eggs\n\nPepper")


def creates_revision(post: Post, client, body: str, **fields) -> bool:
    before = len(revision_bodies(post))
    assert send_edit(client, post, body, **fields).status_code == 302
    return len(revision_bodies(post)) > before


def test_resent_edit_is_ignored_after_a_later_edit_of_the_same_place(recipe, ada, mia, sign_in):
    client, body = sign_in(ada), revision_bodies(recipe)[-1].replace("Salt", "Pepper")
    assert creates_revision(recipe, client, body, version=2)
    posts_edit.edit_post(post=recipe, by=mia, body=body.replace("Pepper", "Chili"), version=3, reason="r")
    assert not creates_revision(recipe, client, body, version=2)
    assert revision_bodies(recipe)[-1].endswith("Chili")


@pytest.mark.slow
def test_resent_edit_is_ignored_after_it_was_reverted(recipe, ada, mia, sign_in):
    client, before = sign_in(ada), revision_bodies(recipe)[-1]
    body = before.replace("Salt", "Pepper")
    assert creates_revision(recipe, client, body, version=2)
    posts_edit.edit_post(post=recipe, by=mia, body=before, version=3, reason="No pepper here")
    assert not creates_revision(recipe, client, body, version=2)
    assert revision_bodies(recipe)[-1] == before
    assert creates_revision(recipe, client, body, version=4)  # the control: sent after reading that


@pytest.mark.slow
def test_resent_merged_edit_is_ignored_after_it_was_reverted(recipe, ada, mia, sign_in):
    client, body = sign_in(ada), RECIPE.replace("Salt", "Pepper")
    assert creates_revision(recipe, client, body)
    merged = revision_bodies(recipe)[-1]
    assert "Three" in merged
    posts_edit.edit_post(
        post=recipe, by=mia, body=merged.replace("Pepper", "Salt"), version=3, reason="No pepper here"
    )
    assert not creates_revision(recipe, client, body)
    assert revision_bodies(recipe)[-1].endswith("Salt")
    assert creates_revision(recipe, client, RECIPE.replace("Flour", "Oats"))  # the control: another edit


def test_identical_edit_by_another_member_is_not_a_resubmission(recipe, ada, mia, sign_in):
    body = revision_bodies(recipe)[-1].replace("Salt", "Pepper")
    posts_edit.edit_post(post=recipe, by=mia, body=body, version=2, reason="r")
    posts_edit.edit_post(post=recipe, by=mia, body=body.replace("Pepper", "Chili"), version=3, reason="r")
    assert send_edit(sign_in(ada), recipe, body, version=2).status_code == 409
