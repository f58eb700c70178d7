from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import LogEntry
from forum.access.errors import EditConflict, NotAllowed, TooManyHighlights
from forum.models import Highlight, Post
from forum.models.highlight import HIGHLIGHTS_PER_TOPIC
from forum.models.post import PostQuerySet
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.support.concurrency import disable_locks, only_errors, run_concurrently


def test_highlight_stores_current_revision_and_is_logged(topic, bens, mia):
    before = topic.version
    mark = highlight_post(post=bens, by=mia)
    assert (mark.topic, mark.revision, mark.excerpt) == (topic, 1, bens.excerpt)
    assert mark.highlighted_by == mia
    topic.refresh_from_db()
    assert topic.version == before + 1
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.target_kind, entry.target_id) == ("highlight", mia, "post", bens.pk)


def test_second_highlight_returns_the_first(bens, mia, noor, logged_actions):
    assert highlight_post(post=bens, by=mia) == highlight_post(post=bens, by=noor)
    assert Highlight.objects.get().highlighted_by == mia
    assert logged_actions() == ["highlight"]


def test_highlight_keeps_old_text_until_staff_confirm_the_edit(bens, ben, mia, noor, logged_actions):
    highlight_post(post=bens, by=mia)
    edit_post(post=bens, by=ben, body="Buy my lamps.", version=1)
    mark = Highlight.objects.select_related("post").get()
    assert (mark.excerpt, mark.is_outdated) == (bens.excerpt, True)

    mark = highlight_post(post=bens, by=noor)
    assert (mark.revision, mark.excerpt, mark.highlighted_by) == (2, "Buy my lamps.", noor)
    assert logged_actions() == ["highlight", "highlight"]


def test_highlight_of_outdated_version_raises_edit_conflict(bens, ben, mia):
    edit_post(post=bens, by=ben, body="Buy my lamps.", version=1)
    with pytest.raises(EditConflict):
        highlight_post(post=bens, by=mia, version=1)
    assert not Highlight.objects.exists()


def test_unhighlight_removes_highlight_once(topic, bens, mia, logged_actions):
    highlight_post(post=bens, by=mia)
    topic.refresh_from_db()
    before = topic.version
    assert unhighlight_post(post=bens, by=mia)
    assert not unhighlight_post(post=bens, by=mia)
    topic.refresh_from_db()
    assert topic.version == before + 1
    assert not Highlight.objects.exists()
    assert logged_actions() == ["highlight", "unhighlight"]


def test_members_and_guests_cannot_highlight_or_unhighlight(bens, ada, ben, mia):
    for person in (ada, ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            highlight_post(post=bens, by=person)
    assert not Highlight.objects.exists()
    highlight_post(post=bens, by=mia)
    for person in (ada, ben, AnonymousUser()):
        with pytest.raises(NotAllowed):
            unhighlight_post(post=bens, by=person)
    assert Highlight.objects.exists()


def test_removed_post_cannot_be_highlighted(bens, mia):
    remove_post(post=bens, by=mia, reason="Spam.")
    with pytest.raises(NotAllowed):
        highlight_post(post=bens, by=mia)


@pytest.mark.slow
def test_highlight_limit_rejects_new_highlight_but_not_confirmation(topic, ben, mia):
    posts = [reply_to(topic, ben) for _ in range(HIGHLIGHTS_PER_TOPIC + 1)]
    for post in posts[:-1]:
        highlight_post(post=post, by=mia)
    with pytest.raises(TooManyHighlights):
        highlight_post(post=posts[-1], by=mia)
    edit_post(post=posts[0], by=ben, body="Better.", version=1)
    assert highlight_post(post=posts[0], by=mia).revision == 2
    assert Highlight.objects.count() == HIGHLIGHTS_PER_TOPIC


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_highlights_do_not_exceed_limit(topic, mia, noor):
    posts = highlight_eight_of_twelve(topic, mia)
    outcomes = run_concurrently(
        *(partial(highlight_post, post=post, by=by) for post in posts for by in (mia, noor))
    )
    assert {type(error) for error in only_errors(outcomes)} == {TooManyHighlights}
    assert Highlight.objects.count() == HIGHLIGHTS_PER_TOPIC
    assert LogEntry.objects.count() == HIGHLIGHTS_PER_TOPIC


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_control_concurrent_highlights_exceed_limit_without_lock(topic, mia, monkeypatch):
    posts = highlight_eight_of_twelve(topic, mia)
    disable_locks(monkeypatch, PostQuerySet, people=4)
    assert (
        only_errors(run_concurrently(*(partial(highlight_post, post=post, by=mia) for post in posts))) == []
    )
    assert Highlight.objects.count() == 12


def highlight_eight_of_twelve(topic, mia) -> list[Post]:
    """Twelve replies, eight of them highlighted: returns the other four."""
    posts = [reply_to(topic, mia) for _ in range(12)]
    for post in posts[:8]:
        highlight_post(post=post, by=mia)
    return posts[8:]


# --- The pages ---


def test_highlight_page_explains_and_highlights(sign_in, bens, mia):
    client = sign_in(mia)
    page = client.get(url(bens))
    assert "What is this?" in page.text
    assert "What does it do?" in page.text
    assert bens.excerpt in page.text
    response = client.post(url(bens), {"version": 1})
    assert (response.status_code, response["Location"]) == (302, bens.get_absolute_url())
    assert Highlight.objects.get().post == bens


def test_highlight_page_gets_409_with_text_edited_since_page_load(sign_in, bens, ben, mia):
    edit_post(post=bens, by=ben, body="Buy my lamps.", version=1)
    response = sign_in(mia).post(url(bens), {"version": 1})
    assert response.status_code == 409
    assert "Buy my lamps." in response.text
    assert not Highlight.objects.exists()


@pytest.mark.slow
def test_highlight_over_limit_gets_409(sign_in, topic, ben, mia):
    posts = [reply_to(topic, ben) for _ in range(11)]
    for post in posts[:10]:
        highlight_post(post=post, by=mia)
    assert sign_in(mia).post(url(posts[10])).status_code == 409


def test_highlight_with_invalid_version_gets_422(sign_in, bens, mia):
    assert sign_in(mia).post(url(bens), {"version": "x"}).status_code == 422
    assert not Highlight.objects.exists()


@pytest.mark.parametrize("act", ["highlight", "unhighlight"])
def test_highlight_pages_reject_members_and_guests(sign_in, bens, ada, ben, mia, act):
    if act == "unhighlight":
        highlight_post(post=bens, by=mia)
    before = Highlight.objects.count()
    for person in (None, ada, ben):
        assert sign_in(person).post(url(bens, act)).status_code == 403
        assert Highlight.objects.count() == before


def test_unhighlight_url_accepts_only_post_requests(sign_in, bens, mia):
    highlight_post(post=bens, by=mia)
    assert sign_in(mia).get(url(bens, "unhighlight")).status_code == 405
    assert sign_in(mia).post(url(bens, "unhighlight")).status_code == 302
    assert not Highlight.objects.exists()


def url(post, act: str = "highlight") -> str:
    return f"/p/{post.pk}/{act}/"
