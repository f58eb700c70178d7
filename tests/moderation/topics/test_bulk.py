"""One act on several topics of a section."""

import re

import pytest

from accounts.models import LogEntry, User
from forum.models import SectionVersion, Topic
from moderation.topics.close import close_topic
from tests.conftest import PASSWORD, browser_of, make_user, reply_to, start
from tests.support.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics(talk, ada, ben) -> list[Topic]:
    return [start(talk, by, f"Topic {number}") for number, by in enumerate((ada, ben, ada))]


def test_selected_topics_are_closed_with_one_form(topics, talk, mia):
    client = browser_of(mia)
    assert f'name="topic" value="{topics[0].pk}"' in client.get("/s/talk/select/").text
    ticked = {"topic": [topic.pk for topic in topics[:2]]}
    ask = client.get("/s/talk/close/", ticked).text
    assert f'name="topic" value="{topics[1].pk}" checked' in ask
    assert "Topic 2" not in ask
    wrong = client.post("/s/talk/close/", ticked)
    assert wrong.status_code == 422
    assert f'value="{topics[1].pk}" checked' in wrong.text
    assert client.post("/s/talk/close/", {**ticked, "reason": "Solved."}).status_code == 302
    assert [Topic.objects.get(pk=t.pk).is_closed for t in topics] == [True, True, False]
    assert LogEntry.objects.filter(act="close").count() == 2


def test_bulk_close_reports_topics_that_were_already_closed(topics, mia, noor):
    close_topic(topic=topics[0], by=noor, reason="Solved.")
    form_fields = {"topic": [topic.pk for topic in topics], "reason": "Old."}
    page = browser_of(mia).post("/s/talk/close/", form_fields, follow=True).text
    assert "2 topics updated. 1 topic did not need a change." in page
    assert Topic.objects.get(pk=topics[0].pk).closure.reason == "Solved."


@pytest.mark.parametrize(
    ("act", "form_fields", "is_done"),
    [
        ("pin", {}, lambda topic: topic.is_pinned),
        ("remove", {"reason": "Spam."}, lambda topic: topic.is_removed),
        ("move", {"section": "news"}, lambda topic: topic.section.slug == "news"),
        ("close", {"reason": "Old."}, lambda topic: topic.is_closed),
    ],
)
def test_bulk_action_works_for_staff_of_the_section_only(
    act, form_fields, is_done, topics, talk, news, ada, mia
):
    elsewhere = make_user("sam", "moderator")
    elsewhere.moderates = [news.pk]
    elsewhere.save()
    form_fields = {**form_fields, "topic": [topic.pk for topic in topics[:2]]}
    if act == "move":
        form_fields["section"] = news.pk
    for person, may in ((None, False), (ada, False), (elsewhere, False), (mia, True)):
        browser_of(person).post(f"/s/talk/{act}/", form_fields)
        assert [is_done(Topic.objects.get(pk=t.pk)) for t in topics] == [may, may, False]
    counted = sum(SectionVersion.objects.topics_in(section) for section in (talk, news))
    assert counted == Topic.objects.listed().count()


def test_bulk_action_ignores_topics_of_other_sections(topics, news, mia):
    other = start(news, mia, "Elsewhere")
    page = browser_of(mia).post("/s/talk/close/", {"topic": [other.pk], "reason": "Old."})
    assert page.status_code == 422
    assert "Select at least one topic" in page.text
    assert not Topic.objects.get(pk=other.pk).is_closed


def test_invalid_topic_ids_are_ignored(topics, mia):
    assert browser_of(mia).get("/s/talk/close/?topic=x&topic=-1").status_code == 200
    page = browser_of(mia).post("/s/talk/close/", {"topic": "x", "reason": "Old."})
    assert page.status_code == 422


@pytest.mark.parametrize("act", ["close", "remove", "move"])
def test_topic_selection_and_reason_survive_sign_in(act, topics, talk, mia):
    ticked = [topic.pk for topic in topics[:2]]
    address = f"/s/talk/{act}/?topic={ticked[0]}&topic={ticked[1]}"
    _check_form_survives_sign_in(
        address, {"topic": ticked, "section": talk.pk, "reason": "Spring cleaning."}, mia, "topic", ticked
    )


@pytest.mark.parametrize("act", ["split", "move-posts", "remove-posts"])
def test_post_selection_and_reason_survive_sign_in(act, topic, ben, mia):
    ticked = [reply_to(topic, ben).pk for _ in range(2)]
    address = f"{topic.get_absolute_url()}{act}/?post={ticked[0]}&post={ticked[1]}"
    _check_form_survives_sign_in(address, {"post": ticked, "reason": "Spring cleaning."}, mia, "post", ticked)


def _check_form_survives_sign_in(
    address: str, form_fields: dict, by: User, name: str, ticked: list[int]
) -> None:
    """Returns through the sign-in page, as after the end of a session."""
    browser = browser_of(None)
    form = fields_of(browser.post(address, form_fields), "/account/login/")
    assert form["kept_reason"] == "Spring cleaning."
    entered = browser.post("/account/login/", {**form, "login": by.name, "password": PASSWORD})
    assert entered.url == address
    page = browser.get(address).text
    assert "Spring cleaning." in page
    assert sorted(map(int, re.findall(rf'name="{name}" value="(\d+)"', page))) == ticked
