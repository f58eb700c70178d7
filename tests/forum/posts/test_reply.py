"""Replying: it works, it is rejected where it must be, and it handles odd cases."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.rate_limiting import rate_counter
from forum.access.errors import NotAllowed, TopicIsClosed
from forum.antispam import check as check_module
from forum.models import Closure, Post, Section
from forum.posts import create as posts_create
from forum.posts.edit import edit_post
from tests.conftest import offers, reply_to, start
from tests.forum.drafts.test_drafts import form_of
from tests.support.forms import send_reply

pytestmark = pytest.mark.django_db


def test_reply_is_saved_and_redirects_to_new_post(topic, ben, sign_in):
    response = send_reply(sign_in(ben), topic)
    post = Post.objects.get(position=3)
    assert response.status_code == 302
    assert response["Location"] == f"/p/{post.pk}/"
    assert (post.author, post.body) == (ben, "Mine too.")


def test_reply_updates_topic_counters_and_version(topic, cleo):
    version = topic.version
    post = reply_to(topic, cleo)
    topic.refresh_from_db()
    assert (topic.last_position, topic.reply_count) == (3, 2)
    assert (topic.last_post_at, topic.last_post_by) == (post.posted_at, cleo)
    assert topic.version > version


def test_repeated_submission_creates_one_post(topic, ben, sign_in):
    client, key = sign_in(ben), uuid4()
    first, second = (send_reply(client, topic, submission_key=key) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert topic.posts.count() == 3


def test_repeated_submission_redirects_to_post_in_topic_closed_since(topic, ben, mia, sign_in):
    client, key = sign_in(ben), uuid4()
    first = send_reply(client, topic, submission_key=key)
    Closure.objects.create(topic=topic, closed_by=mia, reason="Solved.")
    again = send_reply(client, topic, submission_key=key)
    assert (again.status_code, again["Location"]) == (302, first["Location"])


def test_same_submission_key_of_two_members_creates_two_posts(topic, ben, cleo, sign_in):
    key = uuid4()
    send_reply(sign_in(ben), topic, submission_key=key)
    send_reply(sign_in(cleo), topic, submission_key=key)
    assert topic.posts.count() == 4


def test_guest_reply_is_rejected_with_text_preserved(topic, guest):
    response = send_reply(guest, topic, body="What a guest wrote")
    assert response.status_code == 403
    assert "What a guest wrote" in response.text
    assert topic.posts.count() == 2
    assert guest.get(topic.url_for("reply")).status_code == 302


def test_closed_topic_rejects_reply_and_preserves_text(topic, ben, mia, sign_in):
    Closure.objects.create(topic=topic, closed_by=mia, reason="Solved.")
    for person in (ben, mia):
        response = send_reply(sign_in(person), topic, body="A late word")
        assert response.status_code == 409
        page = response.text
        assert "A late word" in page
        assert "while you were writing" in page
        assert "Solved." in page
        assert f'href="{topic.get_absolute_url()}">Back to topic' in page
        page = sign_in(person).get(topic.url_for("reply")).text
        assert "Solved." in page
        assert "while you were writing" not in page
    assert topic.posts.count() == 2
    with pytest.raises(TopicIsClosed):
        reply_to(topic, mia)


def test_closed_topic_page_has_no_reply_action(topic, ben, mia, sign_in):
    page = sign_in(ben).get(topic.get_absolute_url())
    assert offers(page, "reply")
    Closure.objects.create(topic=topic, closed_by=mia, reason="Solved.")
    topic.change()
    assert not offers(sign_in(ben).get(topic.get_absolute_url()), "reply")


@pytest.mark.parametrize(
    ("reply_by", "members", "moderators"),
    [("members", True, True), ("groups", False, True), ("staff", False, True)],
)
def test_reply_permission_follows_section_setting(topic, ben, mia, sign_in, reply_by, members, moderators):
    Section.objects.update(reply_by=reply_by)
    for person, may in ((ben, members), (mia, moderators)):
        before = topic.posts.count()
        response = send_reply(sign_in(person), topic)
        assert (topic.posts.count() > before) is may
        assert response.status_code == (302 if may else 403)


def test_archived_section_rejects_reply(topic, ben):
    Section.objects.update(archived_at=timezone.now())
    with pytest.raises(NotAllowed):
        reply_to(topic, ben)


def test_reply_to_hidden_topic_returns_404(topic, ben, mia, sign_in):
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert send_reply(sign_in(ben), topic).status_code == 404
    assert topic.posts.count() == 2


@pytest.mark.parametrize("body", ["", "   \n ", "x" * 32_001])
def test_invalid_text_shows_field_error_and_is_preserved(topic, ben, sign_in, body):
    response = send_reply(sign_in(ben), topic, body=body)
    assert response.status_code == 422
    page = response.text
    assert 'aria-invalid="true"' in page
    assert body.strip() in page
    assert topic.posts.count() == 2


def test_a_line_break_counts_as_one_character(topic, ben, sign_in):
    body = "\r\n".join(["x" * 99] * 320)  # 31,999 as people count, 32,318 as browsers send
    assert send_reply(sign_in(ben), topic, body=body).status_code == 302
    assert len(Post.objects.get(position=3).body) == 31_999


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_missing_or_malformed_submission_key_returns_422(topic, ben, sign_in, key):
    assert send_reply(sign_in(ben), topic, submission_key=key).status_code == 422


@pytest.mark.usefixtures("in_one_slot")
def test_rate_limit_returns_retry_after_and_preserves_text(topic, cleo, sign_in, monkeypatch):
    monkeypatch.setattr(check_module, "POST_LIMIT", rate_counter.Limit("post", 2, 3600))
    client = sign_in(cleo)
    for _ in range(2):
        assert send_reply(client, topic).status_code == 302
    response = send_reply(client, topic, body="One more thing")
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= check_module.POST_LIMIT.seconds
    assert "One more thing" in response.text
    assert topic.posts.count() == 4


def test_staff_are_exempt_from_rate_limit(topic, mia):
    for _ in range(check_module.POST_LIMIT.most + 1):
        reply_to(topic, mia)


def test_reply_with_explicit_time_keeps_that_time(topic, ben):
    then = timezone.now() - timedelta(days=3)
    assert reply_to(topic, ben, at=then).posted_at == then


def test_reply_is_never_dated_before_previous_post(topic, ben, cleo):
    """A reply that waited for another one, or that runs on a machine whose clock is slow, is not dated before it."""
    ahead = timezone.now() + timedelta(minutes=3)
    reply_to(topic, ben, at=ahead)
    assert reply_to(topic, cleo).posted_at == ahead
    topic.refresh_from_db()
    assert topic.last_post_at == ahead


def test_positions_are_consecutive_across_pages(talk, ada, mia):
    topic = start(talk, ada)
    for _ in range(25):
        reply_to(topic, mia)
    assert list(topic.posts.order_by("position").values_list("position", flat=True)) == list(range(1, 27))


def test_reply_url_accepts_any_slug(topic, ben, sign_in):
    address = topic.url_for("reply").replace(topic.slug, "another-slug")
    assert sign_in(ben).post(address, {"body": "x", "submission_key": uuid4()}).status_code == 302


@pytest.mark.parametrize(
    "body", ["\u200b", "\ufeff\n\u202e", "\u200d\ufe0f", "\u3164", "\u2800", "\u2065", "\u0301"]
)
def test_invisible_text_is_rejected(topic, ben, sign_in, body):
    assert send_reply(sign_in(ben), topic, body=body).status_code == 422
    assert topic.posts.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        "    x",
        "```\n\u3164\n```",
        f"![](/a/{'0' * 32}/)",
        "\u2764\ufe0f",
        "\U0001f469\u200d\U0001f4bb",
        "\u0e33",
        "?",
    ],
)
def test_minimal_visible_text_is_accepted(topic, ben, sign_in, body):
    assert send_reply(sign_in(ben), topic, body=body).status_code == 302
    assert topic.posts.get(position=3).body == body


def test_forged_author_and_html_fields_are_ignored(topic, ben, ada, sign_in):
    send_reply(sign_in(ben), topic, author=ada.pk, by=ada.pk, position=99, html="<b>x</b>")
    post = Post.objects.get(position=3)
    assert post.author == ben
    assert "<b>" not in post.html


def test_author_sees_reply_after_redirect(topic, ben, sign_in):
    client = sign_in(ben)
    response = client.post(
        topic.url_for("reply"), {"body": "Follow me", "submission_key": uuid4()}, follow=True
    )
    assert "Follow me" in response.text


def test_create_reply_raises_not_allowed_without_permission(topic, ben):
    Section.objects.update(reply_by=Section.Audience.STAFF)
    with pytest.raises(NotAllowed):
        posts_create.create_reply(topic=topic, by=ben, body="x", submission_key=uuid4())


def test_changed_text_with_used_key_is_returned_in_form_with_new_key(topic, ben, sign_in):
    """Sent, stopped, changed, sent again: the first text has arrived."""
    client, key = sign_in(ben), uuid4()
    first = send_reply(client, topic, body="Mine.", submission_key=key)
    for more in ({}, {"look_first": "on", "seen": "1"}):
        again = send_reply(client, topic, body="Mine, and more.", submission_key=key, **more)
        page = again.text
        assert again.status_code == 409
        assert "You already posted an earlier version from this form. This version isn’t posted." in page
        assert f'<a href="{first["Location"]}">' in page
        form = form_of(page)
        assert (form["body"], form["submission_key"] != str(key)) == ("Mine, and more.", True)
    assert topic.posts.count() == 3
    assert client.post(topic.url_for("reply"), form).status_code == 302
    assert topic.posts.get(position=4).body == "Mine, and more."


def test_repeated_submission_redirects_to_post_edited_since(topic, ben, sign_in):
    client, key = sign_in(ben), uuid4()
    first = send_reply(client, topic, submission_key=key)
    edit_post(post=topic.posts.get(position=3), by=ben, body="Otherwise.", version=1)
    assert send_reply(client, topic, submission_key=key)["Location"] == first["Location"]
    assert send_reply(client, topic, body="Otherwise.", submission_key=key).status_code == 409


def test_changed_text_with_used_key_is_rejected_in_closed_topic(topic, ben, mia, sign_in):
    client, key = sign_in(ben), uuid4()
    send_reply(client, topic, submission_key=key)
    Closure.objects.create(topic=topic, closed_by=mia, reason="Solved.")
    late = send_reply(client, topic, body="A late word", submission_key=key)
    assert late.status_code == 409
    assert "A late word" in late.text
