"""The pages that undo from the log: all ticked entries in one form, or one entry from its own page."""

import pytest

from accounts.models import LogEntry, User
from forum.models import Closure, Post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic, reopen_topic
from tests.conftest import make_user, offers

pytestmark = pytest.mark.django_db


def last() -> LogEntry:
    return LogEntry.objects.order_by("pk").last()


@pytest.mark.slow
def test_log_page_undoes_all_selected_entries(sign_in, topic, bens, mia, noor):
    close_topic(topic=topic, by=mia, reason="Solved.")
    remove_post(post=bens, by=mia, reason="Spam.")
    client = sign_in(noor)
    page = client.get("/moderation/log/")
    assert offers(page, "undo")
    entries = list(LogEntry.objects.values_list("pk", flat=True))
    for pk in entries:
        assert f'name="entry" value="{pk}"' in page.text
    response = client.post("/moderation/log/undo/", {"entry": entries})
    assert (response.status_code, response["Location"]) == (302, "/moderation/log/")
    assert not Closure.objects.exists()
    assert not Post.objects.get(pk=bens.pk).is_removed
    assert "2 actions undone." in client.get("/moderation/log/").text


def test_entries_that_could_not_be_undone_are_listed_with_reason(sign_in, topic, bens, mia, noor):
    close_topic(topic=topic, by=mia, reason="Solved.")
    remove_post(post=bens, by=mia, reason="Spam.")
    reopen_topic(topic=topic, by=noor)
    entries = list(LogEntry.objects.filter(by=mia).values_list("pk", flat=True))
    response = sign_in(mia).post("/moderation/log/undo/", {"entry": entries})
    assert response.status_code == 200
    assert "The topic is already open. noor did this" in response.text
    again = sign_in(mia).post("/moderation/log/undo/", {"entry": entries})
    assert (again.status_code, "mia already did this" in again.text) == (409, True)


def test_undo_form_without_selection_shows_error(sign_in, topic, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    response = sign_in(mia).post("/moderation/log/undo/", {})
    assert (response.status_code, "Select the actions to undo." in response.text) == (422, True)


def test_entry_page_undoes_its_entry_once(sign_in, topic, mia, noor):
    close_topic(topic=topic, by=mia, reason="Solved.")
    address = f"/moderation/log/{last().pk}/"
    client = sign_in(noor)
    page = client.get(address)
    assert offers(page, "undo")
    assert "Solved." in page.text
    assert client.post(f"{address}undo/").status_code == 302
    after = client.get(address)
    assert "undone by" in after.text
    assert not offers(after, "undo")
    second = sign_in(mia).post(f"{address}undo/")
    assert (second.status_code, "noor already did this" in second.text) == (409, True)


@pytest.mark.slow
def test_entry_of_other_section_is_404_and_cannot_be_undone(sign_in, topic, news, mia):
    close_topic(topic=topic, by=mia, reason="Solved.")
    limited = make_user("lena", "moderator")
    User.objects.filter(pk=limited.pk).update(moderates=[news.pk])
    client = sign_in(limited)
    pk = last().pk
    assert client.get(f"/moderation/log/{pk}/").status_code == 404
    assert client.post(f"/moderation/log/{pk}/undo/").status_code == 404
    assert client.post("/moderation/log/undo/", {"entry": [pk]}).status_code == 422
    assert Closure.objects.exists()
