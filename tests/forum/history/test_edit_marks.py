"""What a post says about its latest edit, the same for everybody, and the notice of what changed since a reader read
it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import roles
from forum.history import edit_marks
from forum.history.changes_since import (
    has_changed_since,
    has_changed_since_revision,
    url_since,
    url_since_revision,
)
from forum.history.revisions import revisions_of
from forum.models import Post, ReadMark, Topic
from forum.models.edit_marks import MAX_REPLIES_COUNTED
from forum.posts.edit import edit_post
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from tests.conftest import reply_to, start
from tests.support.reading import read as page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def established_members(ada, ben, cleo, mia, no_rate_limits):
    """Members who joined before anything was written and have no posting limits."""


@pytest.fixture
def new_topic(talk, ada) -> Topic:
    """Ada's topic, without replies."""
    return start(talk, ada)


def edit(topic: Topic, by, body: str = "Said better.", *, position: int = 1, **named) -> Post:
    post = topic.posts.get(position=position)
    return edit_post(post=post, by=by, body=body, version=post.version, **named)


def marks(post: Post) -> tuple:
    return post.is_early_edit, post.replies_before_edit, post.edited_as


# --- Three marks ---


def test_early_edit_has_an_unobtrusive_mark(new_topic, ada, guest):
    assert marks(edit(new_topic, ada)) == (True, 0, "")
    shown = page(guest, new_topic)
    assert '<p class="edited early"> <span>Edited <time' in " ".join(shown.split())
    assert "</time>, soon after posting and before any replies</span>" in shown


def test_edit_after_replies_shows_the_number_of_replies(new_topic, ada, ben, cleo, guest):
    for by in (ben, cleo, ada, ben):
        reply_to(new_topic, by)
    assert marks(edit(new_topic, ada, reason="it is fixed")) == (False, 3, "")
    shown = page(guest, new_topic)
    assert "</time>, after 3 replies: it is fixed" in shown
    assert 'class="edited early"' not in shown


def test_removed_replies_are_not_counted(new_topic, ada, ben, mia):
    remove_post(post=reply_to(new_topic, ben), by=mia, reason="Spam.")
    assert marks(edit(new_topic, ada)) == (True, 0, "")


def test_only_replies_after_the_edited_post_are_counted(topic, ada, ben, cleo, guest):
    reply_to(topic, cleo)
    assert marks(edit(topic, ben, position=2)) == (False, 1, "")
    assert "</time>, after 1 reply<" in page(guest, topic)


def test_staff_edit_shows_editor_role_and_reason(new_topic, mia, guest):
    assert marks(edit(new_topic, mia, reason="An address was in it")) == (False, 0, "moderator")
    shown = page(guest, new_topic)
    assert '<bdi>mia</bdi></a> <span class="role">Moderator</span> <time' in shown
    assert ": An address was in it" in shown


def test_staff_edit_shows_the_role_at_the_time_of_the_edit(new_topic, mia, noor, guest):
    edit(new_topic, mia, reason="r")
    roles.change_role(member=mia, role="admin", by=noor)
    assert '<bdi>mia</bdi></a> <span class="role">Moderator</span> <time' in page(guest, new_topic)


def test_staff_edit_of_own_post_is_marked_as_staff_only_in_closed_topic(talk, mia):
    topic = start(talk, mia)
    assert marks(edit(topic, mia)) == (True, 0, "")
    close_topic(topic=topic, by=mia, reason="Done.")
    assert marks(edit(topic, mia, "Once more", reason="r")) == (False, 0, "moderator")


@pytest.mark.parametrize(("minutes", "early"), [(5, True), (5.1, False)])
def test_early_edit_period_is_five_minutes(talk, ada, minutes, early):
    now = timezone.now()
    topic = start(talk, ada, at=now - timedelta(minutes=minutes))
    assert edit(topic, ada, at=now).is_early_edit is early


def test_edit_of_a_highlighted_post_is_never_early(new_topic, ada, mia):
    highlight_post(post=new_topic.posts.get(), by=mia)
    assert not edit(new_topic, ada).is_early_edit


def test_early_edit_still_shows_an_earlier_staff_edit(new_topic, ada, mia, guest):
    edit(new_topic, mia, reason="Rude")
    again = edit(new_topic, ada, "Said again.")
    assert (again.is_early_edit, again.was_edited_by_staff) == (False, True)
    assert ", edited by staff before" in page(guest, new_topic)
    assert edit(new_topic, ada, "And again.").was_edited_by_staff


def test_history_shows_the_mark_of_every_revision(new_topic, ada, ben, mia, guest):
    edit(new_topic, ada, "Second")
    edit(new_topic, mia, "Third", reason="r")
    reply_to(new_topic, ben)
    edit(new_topic, ada, "Fourth")
    revisions = revisions_of(new_topic.posts.get(position=1), to=new_topic.started_by)
    names = ("is_early_edit", "replies_before_edit", "edited_as")
    assert [tuple(revision.marks[name] for name in names) for revision in revisions] == [
        (False, 0, ""),
        (True, 0, ""),
        (False, 0, "moderator"),
        (False, 1, ""),
    ]
    shown = guest.get(f"/p/{new_topic.posts.get(position=1).pk}/history/").text
    for said in ("Soon after posting, before any reply", "Edited as a moderator", "After 1 reply"):
        assert said in shown


def test_reply_count_in_the_mark_is_capped(new_topic, ada, ben, guest, monkeypatch):
    monkeypatch.setattr(edit_marks, "MAX_REPLIES_COUNTED", 2)
    for _ in range(3):
        reply_to(new_topic, ben)
    assert edit(new_topic, ada).replies_before_edit == 2
    Post.objects.filter(topic=new_topic, position=1).update(replies_before_edit=MAX_REPLIES_COUNTED)
    edit(new_topic, ben, position=2)
    assert "after 1000 or more replies" in page(guest, new_topic)


# --- Changed since it was read ---


def test_change_notice_is_shown_once_after_a_read_post_was_edited(topic, ada, cleo, sign_in):
    client = sign_in(cleo)
    assert "Changed since" not in page(client, topic)
    assert "Changed since" not in page(client, topic)
    edit(topic, ada, "It takes two minutes.")
    shown = page(client, topic)
    assert shown.count("Changed since you read it") == 1
    assert (
        shown.index("It takes two minutes.") < shown.index("Changed since") < shown.index('data-position="2"')
    )
    assert "Changed since" not in page(client, topic)  # now they have read it


@pytest.mark.slow
def test_change_notice_links_to_the_diff_since_the_last_visit(topic, ada, cleo, sign_in):
    client = sign_in(cleo)
    edit(topic, ada, "It takes two minutes.")
    page(client, topic)
    for body in ("It takes three minutes.", "It takes four minutes."):
        edit(topic, ada, body)
    post = topic.posts.get(position=1)
    since = ReadMark.objects.get(member=cleo).read_at
    assert f'href="{url_since(post, since)}"' in page(client, topic)
    answered = client.get(url_since(post, since))
    assert (answered.status_code, answered["Location"]) == (302, f"/p/{post.pk}/history/?from=2&to=4")
    assert "<del>two</del><ins>four</ins>" in client.get(answered["Location"]).text


@pytest.mark.slow
def test_change_notice_is_not_shown_for_own_edits_or_unread_posts(topic, ada, ben, cleo, sign_in):
    assert "Changed since" not in page(sign_in(None), topic)
    page(sign_in(ada), topic)
    edit(topic, ada, "It takes two minutes.")
    edit(topic, ben, "Here too, daily.", position=2)
    shown = page(sign_in(ada), topic)
    assert shown.count("Changed since") == 1  # Ben's post
    assert "Changed since" not in page(sign_in(cleo), topic)
    reply_to(topic, ben)
    edit(topic, ben, "Third, and edited", position=3)
    assert "Changed since" not in page(sign_in(cleo), topic)


@pytest.mark.slow
def test_mark_all_read_hides_change_notices_of_earlier_edits(topic, ada, cleo, sign_in):
    client = sign_in(cleo)
    page(client, topic)
    edit(topic, ada, "It takes two minutes.")
    cleo.read_all_until = timezone.now()
    cleo.save()
    assert "Changed since" not in page(client, topic)
    edit(topic, ada, "It takes three minutes.")
    assert "Changed since" in page(client, topic)


def test_change_notice_costs_no_query(topic, ada, cleo, sign_in):
    client = sign_in(cleo)
    page(client, topic)
    with CaptureQueriesContext(connection) as without:
        page(client, topic)
    edit(topic, ada, "It takes two minutes.")
    page(sign_in(None), topic)  # the fragment is cached
    with CaptureQueriesContext(connection) as told:
        shown = client.get(topic.get_absolute_url()).text
    assert "Changed since you read it" in shown
    assert len(told) == len(without)


@pytest.mark.parametrize("since", ["", "x", "-1", "1" * 18, "²"])
def test_history_since_an_invalid_time_returns_400(original, ada, guest, since):
    edit_post(post=original, by=ada, body="Second", version=1)
    assert guest.get(f"{original.url_for('history')}?since={since}").status_code == 400


def test_history_since_an_out_of_range_time_uses_first_or_last_revision(original, ada, guest):
    edit_post(post=original, by=ada, body="Second", version=1)
    for since, ends in ((0, "from=1&to=2"), (10**17 - 1, "from=2&to=2")):
        assert guest.get(f"{original.url_for('history')}?since={since}")["Location"].endswith(ends)
    assert guest.get(f"{original.url_for('history')}?from=2&to=2").status_code == 200


def test_changes_are_detected_since_a_revision_and_since_a_time(original, ada):
    before = timezone.now()
    assert not has_changed_since_revision(original, 1)
    assert not has_changed_since(original, original.posted_at)
    edited = edit_post(post=original, by=ada, body="Second", version=1)
    assert has_changed_since_revision(edited, 1)
    assert not has_changed_since_revision(edited, 2)
    assert has_changed_since(edited, before)
    assert not has_changed_since(edited, timezone.now())
    assert url_since_revision(edited, 1) == f"/p/{original.pk}/history/?from=1&to=2"


def test_marks_of_a_revision_hold_neither_its_text_nor_its_reason(topic, ada):
    edit(topic, ada, "Second", reason="because")
    for revision in revisions_of(topic.posts.get(position=1), to=ada):
        assert {*revision.marks} & {"body", "html", "reason"} == set()
