"""Edits of the same version are merged where they touch different places; on a conflict, the writer decides."""

import re

import pytest

from accounts.models import LogEntry
from core.diffs.merge import END_MARKER, SAVED_VERSION_MARKER, YOUR_VERSION_MARKER
from forum.access.errors import EditConflict, NotAllowed, TopicIsClosed
from forum.composer.edit_conflict import MAX_SHOWN
from forum.history.revisions import revision_text
from forum.models import Attachment, Closure, Draft, Highlight, Post, Removal, Revision
from forum.models.attachment import ATTACHMENTS_PER_POST
from forum.models.maximum_lengths import BODY_MAX
from forum.posts import edit as posts_edit
from tests.conftest import start
from tests.forum.composer.conftest import RECIPE, revision_bodies
from tests.support.forms import send_edit

pytestmark = pytest.mark.django_db


def test_edits_of_different_places_are_merged_into_a_new_revision(recipe, ada):
    edited = posts_edit.edit_post(post=recipe, by=ada, body=RECIPE.replace("Flour", "Oats"), version=1)
    assert edited.body == "Oats\n\nThree eggs\n\nSalt"
    assert (edited.version, edited.merged_from, edited.edited_by) == (3, 1, ada)
    assert revision_bodies(recipe) == [RECIPE, "Flour\n\nThree eggs\n\nSalt", "Oats\n\nThree eggs\n\nSalt"]
    assert "<p>Oats</p>" in edited.html
    assert edited.excerpt.startswith("Oats")


@pytest.mark.slow
def test_merge_message_names_the_other_editor_and_links_to_the_changes(recipe, ada, sign_in):
    client = sign_in(ada)
    response = send_edit(client, recipe, RECIPE.replace("Salt", "Pepper"))
    assert response.status_code == 302
    page = client.get(recipe.topic.get_absolute_url()).text
    assert "Your edit was merged with edits by <bdi>olga</bdi>, saved in the meantime." in page
    assert f"/p/{recipe.pk}/history/?from=1&amp;to=3" in page
    assert "merged with another edit" in page
    shown = client.get(f"/p/{recipe.pk}/history/?from=1&to=3").text
    assert "Based on revision 1, merged with later changes" in shown


def test_edits_by_same_author_in_two_windows_are_merged(talk, ada, sign_in):
    post = start(talk, ada, body=RECIPE).posts.get()
    client = sign_in(ada)
    send_edit(client, post, RECIPE.replace("Two", "Three"))
    send_edit(client, post, RECIPE.replace("Salt", "Pepper"))
    page = client.get(post.topic.get_absolute_url()).text
    assert "Your edit was merged with another edit of yours, saved in the meantime." in page
    assert revision_bodies(post)[-1] == "Flour\n\nThree eggs\n\nPepper"


def test_edit_without_a_merge_shows_no_merge_message(recipe, ada, sign_in):
    client = sign_in(ada)
    send_edit(client, recipe, "Altogether new", version=2)
    page = client.get(recipe.topic.get_absolute_url()).text
    assert "Changes saved." in page
    assert "merged" not in page
    assert Post.objects.get(pk=recipe.pk).merged_from is None


def test_unchanged_edit_of_an_old_version_reverts_nothing(recipe, ada):
    assert posts_edit.edit_post(post=recipe, by=ada, body=RECIPE, version=1).version == 2


def test_conflict_page_shows_both_diffs_and_three_texts(recipe, ada, sign_in):
    response = send_edit(sign_in(ada), recipe, RECIPE.replace("Two", "Four").replace("Salt", "Pepper"))
    assert response.status_code == 409
    page = response.text
    assert "<bdi>olga</bdi> edited this post while you were editing" in page
    assert "<del>Two</del><ins>Four</ins> eggs" in page
    assert "<del>Two</del><ins>Three</ins> eggs" in page
    assert "<ins>Pepper</ins>" not in page  # nobody else changed it
    together = f"Flour\n\n{YOUR_VERSION_MARKER}\nFour eggs\n{SAVED_VERSION_MARKER}\nThree eggs\n{END_MARKER}\n\nPepper"
    assert f">\n{together}</textarea>" in page
    assert ">\nFlour\n\nFour eggs\n\nPepper</textarea>" in page
    assert "readonly>\nFlour\n\nThree eggs\n\nSalt</textarea>" in page
    assert page.count('name="version" value="2"') == 2
    assert len(revision_bodies(recipe)) == 2


@pytest.mark.parametrize("chosen", ["Flour\n\nSeven eggs\n\nPepper", "Flour\n\nFour eggs\n\nPepper"])
def test_resolved_conflict_is_saved_and_the_other_edit_stays_in_history(recipe, ada, sign_in, chosen):
    send_edit(sign_in(ada), recipe, RECIPE.replace("Two", "Four"))
    assert send_edit(sign_in(ada), recipe, chosen, version=2).status_code == 302
    assert revision_bodies(recipe) == [RECIPE, "Flour\n\nThree eggs\n\nSalt", chosen]


@pytest.mark.slow
def test_conflicts_over_the_display_limit_are_counted_and_marked(talk, ada, mia, sign_in):
    post = start(talk, ada, body="a\n\n" * 2_000 + "end").posts.get()
    posts_edit.edit_post(post=post, by=mia, body="b\n\n" * 2_000 + "end", version=1, reason="r")
    page = send_edit(sign_in(ada), post, "c\n\n" * 2_000 + "end").text
    assert "The edits overlap in 2000 places." in page
    assert page.count('class="meeting"') == MAX_SHOWN
    assert "1980 more places are marked" in page
    assert page.count(str(YOUR_VERSION_MARKER)) == 2_000


def test_text_with_conflict_markers_is_rejected(recipe, ada, sign_in):
    marked = (
        f"Flour\n{YOUR_VERSION_MARKER}\nFour eggs\n{SAVED_VERSION_MARKER}\nThree eggs\n{END_MARKER}\nSalt"
    )
    response = send_edit(sign_in(ada), recipe, marked, version=2)
    assert response.status_code == 422
    assert "still has conflict markers" in response.text
    assert marked in response.text
    assert len(revision_bodies(recipe)) == 2


def test_html_ids_on_the_conflict_page_are_unique(recipe, ada, sign_in):
    page = send_edit(sign_in(ada), recipe, RECIPE.replace("Two", "Four")).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_conflict_page_has_two_composers_and_one_draft(recipe, ada, sign_in):
    client, body = sign_in(ada), RECIPE.replace("Two", "Four")
    typed = {"place": f"edit:{recipe.pk}", "body": body, "version": "1", "reason": "", "draft": "0"}
    draft = client.post("/drafts/save/", typed, headers={"accept": "application/json"}).json()["version"]
    page = send_edit(client, recipe, body, draft=draft).text
    assert page.count("data-toolbar hidden") == page.count('data-act="preview"') == 2
    assert page.count(f'name="draft" value="{draft}"') == 2
    assert page.count(f' data-composer data-place="edit:{recipe.pk}"') == 1
    assert page.count(f' data-composer="second" data-place="edit:{recipe.pk}"') == 1
    assert page.count('data-act="save-draft"') == page.count("data-attach=") == 1
    assert Draft.objects.exists()
    assert send_edit(client, recipe, body, version=2, draft=draft).status_code == 302
    assert not Draft.objects.exists()


def test_conflict_page_has_the_reason_in_both_forms(recipe, mia, sign_in):
    page = send_edit(sign_in(mia), recipe, RECIPE.replace("Two", "Four"), reason="Counted").text
    assert page.count('value="Counted"') == 2


def test_merge_over_the_length_limit_is_a_conflict(talk, ada, mia, sign_in):
    half = "word " * (BODY_MAX // 10 - 10)
    post = start(talk, ada, body=f"a\n\n{half}\n\nb").posts.get()
    posts_edit.edit_post(post=post, by=mia, body=f"{half}\n\na\n\n{half}\n\nb", version=1, reason="r")
    response = send_edit(sign_in(ada), post, f"a\n\n{half}\n\nb{half}")
    assert response.status_code == 409
    assert "empty, too long" in response.text
    assert len(revision_bodies(post)) == 2


@pytest.mark.slow
def test_merge_over_the_attachment_limit_is_a_conflict_and_loses_none(recipe, ada, mia, attach, sign_in):
    client, stood = sign_in(ada), revision_bodies(recipe)[-1]
    of_mia, of_ada = (
        "\n".join(attach(by, f"{n}.txt", b"Bells").markdown for n in range(ATTACHMENTS_PER_POST // 2 + 1))
        for by in (mia, ada)
    )
    theirs, yours, both = f"{stood}\n{of_mia}", f"{of_ada}\n{stood}", f"{of_ada}\n{stood}\n{of_mia}"
    posts_edit.edit_post(post=recipe, by=mia, body=theirs, version=2, reason="r")
    response = send_edit(client, recipe, yours, version=2)
    page = response.text
    assert (response.status_code, revision_bodies(recipe)[-1]) == (409, theirs)
    assert "too many attachments" in page
    assert all(f">\n{text}</textarea>" in page for text in (theirs, yours, both))
    assert send_edit(client, recipe, both, version=3).status_code == 422
    assert send_edit(client, recipe, yours, version=3).status_code == 302
    assert not Attachment.objects.unused().exists()


def test_merge_with_an_empty_result_is_a_conflict(talk, ada, mia):
    post = start(talk, ada, body="a\n\nb").posts.get()
    posts_edit.edit_post(post=post, by=mia, body="\n\nb", version=1, reason="r")
    with pytest.raises(EditConflict):
        posts_edit.edit_post(post=post, by=ada, body="a\n\n", version=1)


def test_merged_staff_edit_does_not_update_the_highlight(recipe, ada, mia):
    Highlight.objects.create(post=recipe, topic=recipe.topic, revision=1, excerpt="Flour", highlighted_by=mia)
    posts_edit.edit_post(
        post=recipe, by=ada, body=revision_bodies(recipe)[-1].replace("Salt", "Buy glue"), version=2
    )
    edited = posts_edit.edit_post(
        post=recipe, by=mia, body=revision_bodies(recipe)[1].replace("Flour", "Oats"), version=2, reason="r"
    )
    assert (edited.body, edited.merged_from) == ("Oats\n\nThree eggs\n\nBuy glue", 2)
    assert (Highlight.objects.get().revision, Highlight.objects.get().excerpt) == (1, "Flour")


def test_merged_staff_edit_is_logged(recipe, mia):
    posts_edit.edit_post(
        post=recipe, by=mia, body=RECIPE.replace("Salt", "Pepper"), version=1, reason="Hotter"
    )
    assert LogEntry.objects.filter(act="edit", by=mia, why="Hotter").exists()


def test_edit_without_permission_does_not_reveal_the_current_text(recipe, ada, ben, mia):
    for who, error in ((ben, NotAllowed), (ada, TopicIsClosed)):
        if who == ada:
            Closure.objects.create(topic=recipe.topic, closed_by=mia, reason="Done.")
        with pytest.raises(error):
            posts_edit.edit_post(post=recipe, by=who, body=RECIPE.replace("Two", "Four"), version=1)
    Removal.objects.create(post=recipe, removed_by=mia, reason="r")
    assert revision_text(Post.objects.get(pk=recipe.pk), 1, to=ben) is None


def test_edit_of_a_missing_revision_is_a_conflict(recipe, ada, sign_in):
    Revision.objects.filter(post=recipe).delete()
    response = send_edit(sign_in(ada), recipe, "Rice")
    assert response.status_code == 409
    page = response.text
    assert "no longer available" in page
    assert "<ins>Rice</ins>" in page


def test_edit_succeeds_after_repeated_concurrent_edits(recipe, ada, mia, monkeypatch):
    """Another member saves between every merge and its saving, as long as no lock makes them wait."""
    merged, saved = posts_edit._merged, []

    def moved_on_meanwhile(*args, **kwargs):
        draft = merged(*args, **kwargs)
        if len(saved) < posts_edit.ATTEMPTS:
            saved.append(True)
            now = Post.objects.get(pk=recipe.pk)
            body = f"{now.body}\n\nNumber {len(saved)}"
            posts_edit.edit_post(post=now, by=mia, body=body, version=now.version, reason="r")
        return draft

    monkeypatch.setattr(posts_edit, "_merged", moved_on_meanwhile)
    edited = posts_edit.edit_post(post=recipe, by=ada, body=RECIPE.replace("Flour", "Oats"), version=1)
    assert len(saved) == posts_edit.ATTEMPTS
    assert edited.body.startswith("Oats\n\nThree eggs")
    assert edited.version == 3 + posts_edit.ATTEMPTS
