"""The title of a topic and the text of its original post, changed on one page: both, or neither."""

import pytest

from accounts.models import LogEntry
from forum.drafts import store as drafts_store
from forum.models import Draft, Topic
from forum.models.draft import edit_draft_key
from forum.posts.edit import edit_post
from forum.topics import rename
from tests.conftest import reply_to
from tests.support.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(topic):
    return topic.posts.get(position=1)


def edit_form_fields(client, post) -> dict[str, str]:
    """Returns the fields of the edit form as its page shows them."""
    return fields_of(client.get(post.url_for("edit")), post.url_for("edit"))


def title_and_body(topic) -> tuple[str, str]:
    topic.refresh_from_db()
    return topic.title, topic.posts.get(position=1).body


def test_title_and_text_are_saved_together(topic, original, ada, sign_in):
    client = sign_in(ada)
    fields = edit_form_fields(client, original)
    assert fields["title"] == "Slow search"
    sent = client.post(original.url_for("edit"), fields | {"title": "Search is slow", "body": "Since noon."})
    assert sent.status_code == 302
    assert title_and_body(topic) == ("Search is slow", "Since noon.")
    assert topic.title_changes.get().was == "Slow search"
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("changed", [{"title": "Search is slow"}, {"body": "Since noon."}])
def test_changing_title_or_text_alone_keeps_the_other(topic, original, ada, sign_in, changed):
    client = sign_in(ada)
    before = dict(zip(("title", "body"), title_and_body(topic), strict=True))
    client.post(original.url_for("edit"), edit_form_fields(client, original) | changed)
    assert dict(zip(("title", "body"), title_and_body(topic), strict=True)) == before | changed
    assert topic.title_changes.count() == ("title" in changed)


def test_repeated_submission_saves_one_change(topic, original, ada, sign_in):
    client = sign_in(ada)
    fields = edit_form_fields(client, original) | {"title": "Search is slow", "body": "Since noon."}
    for _ in range(2):
        assert client.post(original.url_for("edit"), fields).status_code == 302
    assert topic.title_changes.count() == 1
    assert topic.posts.get(position=1).version == 2


def test_submission_without_title_field_keeps_title(topic, original, ada, sign_in):
    sent = sign_in(ada).post(original.url_for("edit"), {"body": "Since noon.", "version": 1, "reason": ""})
    assert sent.status_code == 302
    assert title_and_body(topic) == ("Slow search", "Since noon.")


@pytest.mark.parametrize("title", ["", " ", "x" * 151])
def test_invalid_title_shows_field_error_and_saves_nothing(topic, original, ada, sign_in, title):
    client = sign_in(ada)
    before = title_and_body(topic)
    sent = client.post(
        original.url_for("edit"), edit_form_fields(client, original) | {"title": title, "body": "Mine."}
    )
    assert sent.status_code == 422
    assert "title" in sent.context["form"].errors
    assert "Mine." in sent.text
    assert title_and_body(topic) == before


def test_title_conflict_saves_nothing_until_resubmitted(topic, original, ada, mia, sign_in):
    client = sign_in(ada)
    fields = edit_form_fields(client, original) | {"title": "Ada's title", "body": "Ada's text."}
    rename.rename_topic(topic=topic, by=mia, title="Mia's title", version=1, reason="Clearer.")
    sent = client.post(original.url_for("edit"), fields)
    assert sent.status_code == 409
    assert "The title was changed to “Mia’s title” while you were editing" in sent.text.replace("&#x27;", "’")
    assert title_and_body(topic)[1] != "Ada's text."
    resubmission = fields_of(sent, original.url_for("edit"))
    assert (resubmission["title"], resubmission["body"]) == ("Ada's title", "Ada's text.")
    assert client.post(original.url_for("edit"), resubmission).status_code == 302
    assert title_and_body(topic) == ("Ada's title", "Ada's text.")


def test_text_edit_does_not_revert_concurrent_title_change(topic, original, ada, mia, sign_in):
    client = sign_in(ada)
    fields = edit_form_fields(client, original) | {"body": "Ada's text."}
    rename.rename_topic(topic=topic, by=mia, title="Mia's title", version=1, reason="Clearer.")
    assert client.post(original.url_for("edit"), fields).status_code == 302
    assert title_and_body(topic) == ("Mia's title", "Ada's text.")


def test_text_conflict_saves_nothing_and_preserves_entered_title(topic, original, ada, mia, sign_in):
    client = sign_in(ada)
    fields = edit_form_fields(client, original) | {"title": "Ada's title", "body": "Ada's text."}
    edit_post(post=original, by=mia, body="Mia's text.", version=1, reason="Clearer.")
    sent = client.post(original.url_for("edit"), fields)
    assert sent.status_code == 409
    assert title_and_body(topic) == ("Slow search", "Mia's text.")
    assert sent.text.count('value="Ada&#x27;s title"') == 2  # in both versions that may be saved


def test_reply_edit_form_has_no_title_field(topic, ben, sign_in):
    assert 'name="title"' not in sign_in(ben).get(reply_to(topic, ben).url_for("edit")).text


def test_draft_without_title_change_shows_current_title(topic, original, ada, mia, sign_in):
    drafts_store.save(
        by=ada,
        draft_key=edit_draft_key(original.pk),
        version=0,
        title="Slow search",
        body="Begun.",
        based_on=1,
    )
    rename.rename_topic(topic=topic, by=mia, title="Mia's title", version=1, reason="Clearer.")
    fields = edit_form_fields(sign_in(ada), original)
    assert (fields["title"], fields["body"], fields["title_was"]) == ("Mia's title", "Begun.", "Mia's title")


def test_draft_with_changed_title_conflicts_with_concurrent_rename(topic, original, ada, mia, sign_in):
    client = sign_in(ada)
    drafts_store.save(
        by=ada,
        draft_key=edit_draft_key(original.pk),
        version=0,
        title="Ada's title",
        body="Begun.",
        based_on=1,
    )
    assert edit_form_fields(client, original)["title"] == "Ada's title"
    rename.rename_topic(topic=topic, by=mia, title="Mia's title", version=1, reason="Clearer.")
    fields = edit_form_fields(client, original)
    assert fields["title"] == "Ada's title"
    assert client.post(original.url_for("edit"), fields).status_code == 409
    assert title_and_body(topic)[0] == "Mia's title"
    assert Draft.objects.exists()


def test_older_draft_without_title_shows_topic_title(topic, original, ada, sign_in):
    drafts_store.save(by=ada, draft_key=edit_draft_key(original.pk), version=0, body="Begun.", based_on=1)
    assert edit_form_fields(sign_in(ada), original)["title"] == Topic.objects.get(pk=topic.pk).title


def test_title_change_alone_is_saved_as_draft(topic, original, ada, sign_in):
    place = edit_draft_key(original.pk)
    drafts_store.save(by=ada, draft_key=place, version=0, title="Ada's title", body=original.body, based_on=1)
    assert (
        fields_of(sign_in(ada).get(original.url_for("edit")), original.url_for("edit"))["title"]
        == "Ada's title"
    )
    draft = Draft.objects.get()
    drafts_store.save(
        by=ada, draft_key=place, version=draft.version, title=topic.title, body=original.body, based_on=1
    )
    assert not Draft.objects.exists()  # an edit without changes is no draft
