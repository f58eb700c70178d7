"""Lists with checkboxes: all of a page by one link, without scripts too."""

import re

import pytest

from forum.access.errors import PostPendingApproval
from forum.models import Section
from moderation.posts.highlight import highlight_post
from moderation.topics.close import close_topic
from moderation.topics.pin import pin_topic
from tests.conftest import reply_to, start
from tests.support.new_member_limits import add_watched_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(talk, topic, news, ada, ben, mia, noor, no_rate_limits) -> dict[str, str]:
    for number in range(3):
        start(talk, ada, f"Topic {number}")
        highlight_post(post=reply_to(topic, ben), by=mia)
    add_watched_word("lamp", by=noor)
    for number in range(2):
        with pytest.raises(PostPendingApproval):
            reply_to(topic, ben, f"Lamp {number}!")
    return {
        "topic": "/s/talk/select/",
        "post": f"{topic.get_absolute_url()}select/",
        "waiting": "/moderation/waiting/",
        "entry": "/moderation/log/?act=highlight",
    }


def checkbox_states(page: str, name: str) -> list[bool]:
    found = re.findall(rf'<input type="checkbox" name="{name}"[^>]*>', page)
    return [" checked" in box for box in found]


@pytest.mark.parametrize("name", ["topic", "post", "waiting", "entry"])
def test_links_select_and_clear_all_checkboxes_on_page(sign_in, pages, mia, name):
    client = sign_in(mia)
    page = client.get(pages[name]).text
    assert checkbox_states(page, name)
    assert not any(checkbox_states(page, name))
    link = re.search(r'href="(\?[^"]*all=1)" data-tick-all', page)[1].replace("&amp;", "&")
    address = pages[name].partition("?")[0] + link
    ticked = client.get(address).text
    assert checkbox_states(ticked, name) == [True] * len(checkbox_states(page, name))
    back = re.search(r'href="(\?[^"]*)" data-tick-all', ticked)[1].replace("&amp;", "&")
    assert checkbox_states(client.get(pages[name].partition("?")[0] + back).text, name) == checkbox_states(
        page, name
    )


def test_next_page_starts_unselected_and_select_all_keeps_page(sign_in, pages, mia, monkeypatch):
    monkeypatch.setattr("moderation.log.entries.ROWS_PER_PAGE", 2)
    page = sign_in(mia).get(pages["entry"] + "&all=1").text
    goes_on = re.search(r'rel="next" href="(\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert "act=highlight" in goes_on
    assert "all=" not in goes_on
    later = sign_in(mia).get(f"/moderation/log/{goes_on}").text
    assert re.search(r'href="\?[^"]*before=[0-9]+[^"]*all=1" data-tick-all', later)


def test_empty_log_has_no_select_all_link(sign_in, mia):
    page = sign_in(mia).get("/moderation/log/").text
    assert "data-tick-all" not in page


@pytest.mark.slow
def test_bulk_reopen_and_unpin_of_topics(sign_in, talk: Section, ada, mia, logged_actions):
    topics = [start(talk, ada, f"Topic {number}") for number in range(3)]
    for topic in topics[:2]:
        close_topic(topic=topic, by=mia, reason="Old.")
        pin_topic(topic=topic, by=mia)
    client = sign_in(mia)
    select = " ".join(client.get("/s/talk/select/").text.split())
    for act in ("reopen", "unpin"):
        assert f'formaction="/s/talk/{act}/" data-act="{act}_topics"' in select
    ticked = {"topic": [topic.pk for topic in topics]}
    assert client.post("/s/talk/reopen/", ticked).status_code == 422  # a reason is required
    said = client.post("/s/talk/reopen/", {**ticked, "reason": "New facts."}, follow=True).text
    assert "2 topics updated. 1 topic did not need a change." in said
    assert (
        "2 topics updated. 1 topic did not need a change."
        in client.post("/s/talk/unpin/", ticked, follow=True).text
    )
    for topic in topics:
        topic = type(topic).objects.for_list().get(pk=topic.pk)
        assert not topic.is_closed
        assert not topic.is_pinned
    assert logged_actions()[-4:] == ["reopen", "reopen", "unpin", "unpin"]
