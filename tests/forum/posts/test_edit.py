"""Editing a post: its mark, its history, its conflicts."""

import pytest

from accounts.models import LogEntry
from forum.access.errors import EditConflict, NotAllowed, TopicIsClosed
from forum.models import Closure, Highlight, Post, Removal, Section
from forum.posts.edit import edit_post
from tests.conftest import offers
from tests.support.forms import send_edit

pytestmark = pytest.mark.django_db


def test_author_edit_is_saved_and_shown_as_edited(original, ada, sign_in):
    response = send_edit(sign_in(ada), original, reason="clearer")
    assert (response.status_code, response["Location"]) == (302, f"/p/{original.pk}/")
    original.refresh_from_db()
    assert (original.body, original.version, original.edited_by) == ("Said better.", 2, ada)
    page = sign_in(ada).get(original.topic.get_absolute_url()).text
    assert "Edited <time" in page
    assert ": clearer" in page
    assert "2 revisions" in page


def test_edit_stores_previous_revisions(original, ada):
    edit_post(post=original, by=ada, body="Second", version=1)
    edit_post(post=original, by=ada, body="Third", version=2)
    stored_revisions = list(
        original.revisions.order_by("number").values_list("number", "body", "written_by__name")
    )
    assert stored_revisions == [(1, "It takes a minute.", "ada"), (2, "Second", "ada")]


def test_edit_without_changes_does_not_mark_post_as_edited(original, ada, sign_in):
    send_edit(sign_in(ada), original, body=original.body)
    original.refresh_from_db()
    assert not original.is_edited


def test_repeated_edit_creates_one_revision(original, ada, sign_in):
    for _ in range(2):
        assert send_edit(sign_in(ada), original).status_code == 302
    original.refresh_from_db()
    assert original.version == 2


def test_edit_conflict_shows_both_texts_and_can_be_resolved(original, ada, sign_in):
    edit_post(post=original, by=ada, body="What came first", version=1)
    response = send_edit(sign_in(ada), original, body="What came second")
    assert response.status_code == 409
    page = response.text
    assert "What came first" in page
    assert "What came second" in page
    assert 'name="version" value="2"' in page
    original.refresh_from_db()
    assert original.body == "What came first"
    assert send_edit(sign_in(ada), original, "What came second", original.version).status_code == 302
    original.refresh_from_db()
    assert (original.body, original.version) == ("What came second", 3)


def test_staff_edit_requires_reason_and_is_logged(original, mia, sign_in):
    assert send_edit(sign_in(mia), original).status_code == 422
    assert send_edit(sign_in(mia), original, reason="An address was in it").status_code == 302
    original.refresh_from_db()
    assert (original.edited_by, original.edit_reason) == (mia, "An address was in it")
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why, entry.target_id) == (
        "edit",
        mia,
        "An address was in it",
        original.pk,
    )
    page = sign_in(mia).get(original.topic.get_absolute_url()).text
    assert "Edited by" in page


def test_staff_editing_own_post_needs_no_reason_and_is_not_logged(talk, mia, sign_in):
    from tests.conftest import start

    post = start(talk, mia).posts.get()
    assert send_edit(sign_in(mia), post).status_code == 302
    assert not LogEntry.objects.exists()


@pytest.mark.slow
def test_only_author_and_staff_can_edit(original, ada, ben, mia, noor, sign_in, guest):
    for person, may in ((ben, False), (ada, True), (mia, True), (noor, True)):
        original.refresh_from_db()
        client = sign_in(person)
        text = f"By {person.name}"
        assert offers(client.get(original.topic.get_absolute_url()), "edit") is may or person == ben
        response = send_edit(client, original, text, original.version, reason="r")
        original.refresh_from_db()
        assert (original.body == text) is may
        assert response.status_code == (302 if may else 403)
    assert send_edit(guest, original, body="By a guest").status_code == 403
    original.refresh_from_db()
    assert original.body != "By a guest"


def test_closed_topic_allows_edits_by_staff_only(original, ada, mia, sign_in):
    Closure.objects.create(topic=original.topic, closed_by=mia, reason="Done.")
    response = send_edit(sign_in(ada), original, body="Too late, but kept")
    assert response.status_code == 409
    assert "Too late, but kept" in response.text
    assert not offers(sign_in(ada).get(original.topic.get_absolute_url()), "edit")
    with pytest.raises(TopicIsClosed):
        edit_post(post=original, by=ada, body="x", version=1)
    assert send_edit(sign_in(mia), original, reason="A correction").status_code == 302


def test_staff_editing_own_post_in_closed_topic_requires_reason(talk, mia, sign_in):
    from tests.conftest import start

    post = start(talk, mia).posts.get()
    Closure.objects.create(topic=post.topic, closed_by=mia, reason="Done.")
    assert send_edit(sign_in(mia), post).status_code == 422


def test_author_cannot_edit_removed_post(bens, ben, mia):
    Removal.objects.create(post=bens, removed_by=mia, reason="r")
    with pytest.raises(NotAllowed):
        edit_post(post=bens, by=ben, body="x", version=1)


def test_editing_post_in_hidden_section_returns_404(original, ben, sign_in):
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert send_edit(sign_in(ben), original).status_code == 404


def test_member_edit_keeps_highlight_excerpt_and_shows_edited_mark(original, ada, mia, sign_in):
    Highlight.objects.create(
        post=original, topic=original.topic, revision=1, excerpt="It takes a minute.", highlighted_by=mia
    )
    edit_post(post=original, by=ada, body="Buy my glue", version=1)
    page = sign_in(None).get(original.topic.get_absolute_url()).text
    assert "Edited since it was highlighted" in page
    assert '<p class="excerpt" dir="auto">It takes a minute.</p>' in page


def test_staff_edit_updates_highlight_excerpt_and_revision(original, mia):
    Highlight.objects.create(
        post=original, topic=original.topic, revision=1, excerpt="old", highlighted_by=mia
    )
    edit_post(post=original, by=mia, body="Corrected", version=1, reason="typo")
    highlight = Highlight.objects.get()
    assert (highlight.revision, highlight.excerpt) == (2, "Corrected")


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "99999999999"])
def test_malformed_version_returns_422_and_preserves_input(original, ada, sign_in, version):
    response = send_edit(sign_in(ada), original, version=version, body="Kept all the same")
    assert response.status_code == 422
    assert "Kept all the same" in response.text


def test_future_version_raises_edit_conflict(original, ada):
    with pytest.raises(EditConflict):
        edit_post(post=original, by=ada, body="x", version=7)


def test_edit_form_contains_current_text(original, ada, sign_in):
    page = sign_in(ada).get(original.url_for("edit")).text
    assert "It takes a minute." in page
    assert "data-dialog-content" in page
    assert "with date and time" in page


def test_edit_keeps_position_and_posting_time(original, ada):
    posted_at = original.posted_at
    edit_post(post=original, by=ada, body="Second", version=1)
    post = Post.objects.get(pk=original.pk)
    assert (post.position, post.posted_at) == (1, posted_at)
