"""Starting a topic."""

from uuid import uuid4

import pytest

from accounts.rate_limiting import rate_counter
from forum.access.errors import NotAllowed
from forum.antispam import check as check_module
from forum.models import Section, Topic
from forum.posts.create import start_topic
from forum.topics import rename
from moderation.topics.merge import merge_topic
from tests.conftest import offers, start
from tests.forum.drafts.test_drafts import form_of

pytestmark = pytest.mark.django_db


def send(client, section, **fields):
    data = {"title": "Who has glue?", "body": "I need *some*.", "submission_key": uuid4(), **fields}
    return client.post(f"/s/{section.slug}/new/", data)


def test_member_starts_topic_and_is_redirected_to_it(talk, ada, sign_in):
    response = send(sign_in(ada), talk)
    topic = Topic.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/t/{topic.pk}/who-has-glue/")
    original = topic.posts.get()
    assert (original.position, original.author, original.html) == (1, ada, "<p>I need <em>some</em>.</p>")
    assert (topic.last_position, topic.reply_count, topic.started_by, topic.last_post_by) == (1, 0, ada, ada)


def test_changed_text_with_used_key_is_returned_with_new_key(talk, ada, sign_in):
    client, key = sign_in(ada), uuid4()
    send(client, talk, submission_key=key)
    again = send(client, talk, body="I need *more*.", submission_key=key)
    assert again.status_code == 409
    assert "I need *more*." in again.text
    assert str(key) not in again.text
    assert talk.topics.count() == 1


@pytest.mark.parametrize("changed", [{"title": "Who has paste?"}, {"poll_options": "Glue\nPaste\nTape"}])
def test_changed_title_or_poll_with_used_key_is_preserved(talk, ada, sign_in, changed):
    client, form_data = sign_in(ada), {"submission_key": uuid4(), "poll_options": "Glue\nPaste"}
    send(client, talk, **form_data)
    again = send(client, talk, **{**form_data, **changed})
    form = form_of(again.text)
    assert again.status_code == 409
    assert changed.items() <= form.items()
    assert send(client, talk, **form).status_code == 302
    assert talk.topics.count() == 2


@pytest.mark.parametrize(
    "poll", [{}, {"poll_options": "Glue\n Paste", "poll_secret": "secret", "poll_days": "7"}]
)
def test_repeated_submission_creates_one_topic(talk, ada, sign_in, poll):
    client, form_data = sign_in(ada), {"submission_key": uuid4(), **poll}
    send(client, talk, **form_data)
    topic = Topic.objects.get()
    assert send(client, talk, **form_data)["Location"] == topic.get_absolute_url()
    for version, title in enumerate(("Who has paste?", "Who has tape?"), 1):
        topic = rename.rename_topic(topic=topic, by=ada, title=title, version=version)
    assert send(client, talk, **form_data)["Location"] == topic.get_absolute_url()
    assert send(client, talk, **form_data, title="Who has tape?").status_code == 409
    assert Topic.objects.count() == 1


def test_repeated_submission_redirects_to_merge_target(talk, ada, mia, sign_in):
    client, key = sign_in(ada), uuid4()
    send(client, talk, submission_key=key)
    into = start(talk, mia)
    merge_topic(topic=Topic.objects.exclude(pk=into.pk).get(), into=into, by=mia)
    assert send(client, talk, submission_key=key)["Location"] == into.get_absolute_url()


@pytest.mark.parametrize(
    ("start_by", "members", "moderators"),
    [("members", True, True), ("groups", False, True), ("staff", False, True)],
)
def test_start_permission_follows_section_setting(talk, ada, mia, sign_in, start_by, members, moderators):
    Section.objects.update(start_by=start_by)
    for person, may in ((ada, members), (mia, moderators)):
        before = Topic.objects.count()
        assert offers(sign_in(person).get(talk.get_absolute_url()), "start") is may
        assert send(sign_in(person), talk).status_code == (302 if may else 403)
        assert (Topic.objects.count() > before) is may


def test_members_reply_to_announcements_but_cannot_start_them(news, ada, mia, sign_in):
    assert send(sign_in(ada), news).status_code == 403
    topic = start(news, mia)
    reply = {"body": "Thank you.", "submission_key": uuid4()}
    assert sign_in(ada).post(topic.url_for("reply"), reply).status_code == 302


def test_guest_submission_is_rejected_with_input_preserved(talk, guest):
    response = send(guest, talk, title="A title to keep", body="A text to keep")
    assert response.status_code == 403
    page = response.text
    assert "A title to keep" in page
    assert "A text to keep" in page
    assert not Topic.objects.exists()


def test_starting_topic_in_hidden_section_returns_404(talk, ada, sign_in):
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert send(sign_in(ada), talk).status_code == 404
    assert sign_in(ada).get("/s/talk/new/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", " \u200b\u202e "), ("title", "t" * 151), ("body", ""), ("body", "b" * 32_001)],
)
def test_invalid_field_shows_error_and_preserves_the_other(talk, ada, sign_in, field, value):
    response = send(sign_in(ada), talk, **{field: value})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert ("I need *some*." if field == "title" else "Who has glue?") in response.text
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    "title", ["\u200d", "\u034f", "\ufe0f", "\u3164", "\u2800 \u2800", "\u115f\u1160", "\ue000\uffa0"]
)
def test_invisible_title_is_rejected(talk, ada, sign_in, title):
    response = send(sign_in(ada), talk, title=title)
    assert response.status_code == 422
    assert "Enter a title." in response.text
    assert not Topic.objects.exists()


def test_title_is_normalized_to_one_visible_line(talk, ada, sign_in):
    send(sign_in(ada), talk, title="  Turn\u202e it \r\n around\u200b\x00 ")
    assert Topic.objects.get().title == "Turn it around"


@pytest.mark.usefixtures("in_one_slot")
def test_rate_limit_rejects_topic_and_preserves_text(talk, ada, sign_in, monkeypatch):
    monkeypatch.setattr(check_module, "TOPIC_LIMIT", rate_counter.Limit("topic", 1, 3600))
    assert send(sign_in(ada), talk).status_code == 302
    response = send(sign_in(ada), talk, body="The second")
    assert response.status_code == 429
    assert "The second" in response.text
    assert Topic.objects.count() == 1


def test_start_topic_raises_not_allowed_without_permission(talk, ada):
    Section.objects.update(start_by=Section.Audience.STAFF)
    with pytest.raises(NotAllowed):
        start_topic(section=talk, by=ada, title="x", body="x", submission_key=uuid4())
