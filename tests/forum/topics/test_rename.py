"""Renaming a topic."""

import pytest

from accounts.models import LogEntry
from forum.models import Closure, TitleChange
from forum.topics import rename

pytestmark = pytest.mark.django_db


def send(client, topic, **fields):
    data = {"title": "Search takes a minute", "reason": "", "version": topic.title_version, **fields}
    return client.post(topic.url_for("retitle"), data)


def test_author_renames_topic_and_history_keeps_old_title(topic, ada, sign_in):
    response = send(sign_in(ada), topic, reason="more exact")
    assert response["Location"] == f"/t/{topic.pk}/search-takes-a-minute/"
    change = TitleChange.objects.get()
    assert (change.was, change.became, change.changed_by, change.reason) == (
        "Slow search",
        "Search takes a minute",
        ada,
        "more exact",
    )
    history = sign_in(None).get(topic.posts.get(position=1).url_for("history"))
    assert "Slow search" in history.text


def test_old_url_redirects_to_new_title(topic, ada, guest):
    old = topic.get_absolute_url()
    rename.rename_topic(topic=topic, by=ada, title="Fast search", version=1)
    response = guest.get(f"{old}?page=1")
    assert (response.status_code, response["Location"]) == (301, f"/t/{topic.pk}/fast-search/?page=1")
    assert response["Cache-Control"] == "no-cache"


def test_rename_from_old_version_is_a_conflict(topic, ada, sign_in):
    rename.rename_topic(topic=topic, by=ada, title="First", version=1)
    response = send(sign_in(ada), topic, title="Second")
    assert response.status_code == 409
    page = response.text
    assert "First" in page
    assert 'value="Second"' in page
    topic.refresh_from_db()
    assert topic.title == "First"


def test_only_author_and_staff_can_rename(topic, ada, ben, mia, sign_in, guest):
    for person, may in ((ben, False), (ada, True), (mia, True)):
        topic.refresh_from_db()
        title = f"By {person.name}"
        response = send(sign_in(person), topic, title=title, reason="r")
        topic.refresh_from_db()
        assert (topic.title == title) is may
        assert response.status_code == (302 if may else 403)
    assert send(guest, topic, title="By a guest").status_code == 403
    topic.refresh_from_db()
    assert topic.title != "By a guest"


def test_staff_rename_requires_reason_and_is_logged(topic, mia, sign_in):
    assert send(sign_in(mia), topic).status_code == 422
    send(sign_in(mia), topic, reason="It named somebody")
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.why, entry.topic_id) == ("retitle", mia, "It named somebody", topic.pk)


def test_closed_topic_cannot_be_renamed_by_author(topic, ada, mia, sign_in):
    Closure.objects.create(topic=topic, closed_by=mia, reason="Done.")
    response = send(sign_in(ada), topic, title="Too late")
    assert response.status_code == 409
    assert "Too late" in response.text
    topic.refresh_from_db()
    assert topic.title == "Slow search"


def test_same_title_creates_no_title_change(topic, ada):
    rename.rename_topic(topic=topic, by=ada, title=topic.title, version=1)
    assert not TitleChange.objects.exists()
