"""Moderator actions are shown where they happened: in the topic, by role, with the rule, without a query if there are
none."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit.log import log_action
from accounts.models import LogEntry, Rule, User
from forum.models import Topic
from forum.topic_page.fragment_cache import clear_fragments
from forum.topic_page.moderator_actions import POST_LINES, TOPIC_LINES, actor_of
from forum.topic_page.render import clear_frames
from forum.topics import rename
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.pin import pin_topic
from tests.conftest import make_user, reply_to, start

pytestmark = pytest.mark.django_db


def page_of(client, topic: Topic) -> str:
    topic = Topic.objects.get(pk=topic.pk)
    response = client.get(topic.get_absolute_url())
    assert response.status_code == 200
    return response.text


def lines(text: str) -> list[str]:
    """Returns the text of the lines above the posts."""
    found = re.search(r'<ul class="plain record".*?</ul>', text, re.DOTALL)
    return [text_of(line) for line in re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL)] if found else []


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", re.sub(r"<time.*?</time>", "then", html)).split())


def change_title(topic: Topic, by: User, title: str) -> None:
    topic = Topic.objects.get(pk=topic.pk)
    rename.rename_topic(topic=topic, by=by, title=title, version=topic.title_version, reason="Clearer.")


# --- Where it happened ---


def test_topic_actions_are_listed_above_the_posts(guest, topic, mia, noor):
    change_title(topic, mia, "Better")
    close_topic(topic=topic, by=noor, reason="Solved.")
    reopen_topic(topic=topic, by=mia, reason="Among us: it was too early.")
    assert lines(page_of(guest, topic)) == [
        "Reopened by a moderator, then",
        "Closed by an admin, then: Solved.",
        "Title changed by a moderator, then: Clearer.",
    ]


def test_closure_is_shown_once_with_its_rule(guest, topic, mia):
    rule = Rule.objects.current()[1]
    close_topic(topic=topic, by=mia, reason="Solved.", rule=rule)
    page = page_of(guest, topic)
    assert lines(page) == []
    closure = text_of(re.search(r'<div class="closure">.*?</p>', page, re.DOTALL)[0])
    assert closure == "This topic was closed by a moderator, then: Solved. (Rule 2. Keep to the topic)"
    assert '<a class="rule" href="/rules/1/#rule-2">' in page


def test_removed_post_stub_names_its_rule(guest, topic, bens, mia):
    remove_post(post=bens, by=mia, reason="Spam.", rule=Rule.objects.current()[3])
    assert "by a moderator, then: Spam. (Rule 4. Do not advertise) #2" in text_of(page_of(guest, topic))


def test_highlight_is_noted_on_the_post(guest, topic, bens, mia):
    highlight_post(post=bens, by=mia)
    article = page_of(guest, topic).partition(f'id="p{bens.pk}"')[2].partition("</article>")[0]
    assert "Highlighted by a moderator, then" in text_of(article)
    unhighlight_post(post=bens, by=mia)
    assert 'class="record"' not in page_of(guest, topic)


def test_restored_posts_and_pins_are_not_shown(guest, topic, bens, mia):
    remove_post(post=bens, by=mia, reason="Spam.")
    restore_post(post=bens, by=mia)
    pin_topic(topic=topic, by=mia)
    page = page_of(guest, topic)
    assert 'class="record"' not in page
    assert lines(page) == []


def test_author_rename_is_not_shown_as_moderator_action(guest, topic, ada):
    change_title(topic, ada, "Better")
    page = page_of(guest, topic)
    assert lines(page) == []
    assert "/record/" not in page


# --- Names are for staff ---


@pytest.mark.slow
def test_only_staff_of_the_section_see_moderator_names(sign_in, topic, bens, ada, ben, cleo, mia, noor, news):
    change_title(topic, mia, "Better")
    highlight_post(post=bens, by=mia)
    remove_post(post=reply_to(topic, cleo), by=mia, reason="Spam.")
    close_topic(topic=topic, by=mia, reason="Solved.")
    limited = make_user("lena", "moderator")
    User.objects.filter(pk=limited.pk).update(moderates=[news.pk])
    for _ in range(2):  # made, and then from the cache
        for person, sees in [(noor, 4), (mia, 4), (None, 0), (ada, 0), (ben, 0), (limited, 0)]:
            main = page_of(sign_in(person), topic).partition("<main")[2].partition("</main>")[0]
            assert main.count("<bdi>mia</bdi>") == sees, person
            assert main.count("a moderator") == 4 - sees, person
            listed = sign_in(person).get(f"/t/{topic.pk}/any/record/").text.partition("<main")[2]
            assert listed.count("<bdi>mia</bdi>") == sees, person


def test_former_moderator_is_shown_as_moderator():
    assert actor_of("mia", "member", sees_names=False) == "a moderator"
    assert actor_of("mia", "member", sees_names=True) == "<bdi>mia</bdi>"


# --- The whole log ---


def test_moderation_history_page_lists_all_actions(guest, topic, bens, mia):
    remove_post(post=bens, by=mia, reason="Spam.", rule=Rule.objects.current()[3])
    restore_post(post=bens, by=mia)
    change_title(topic, mia, "Better")
    page = page_of(guest, topic)
    assert f'href="/t/{topic.pk}/better/record/"' in page
    listed = guest.get(f"/t/{topic.pk}/better/record/").text
    deeds = [
        text_of(line) for line in re.findall(r"<li>(.*?)</li>", listed.partition("record-list")[2], re.DOTALL)
    ]
    assert deeds == [
        "Title changed by a moderator, then: Clearer.",
        "Post restored by a moderator, then View post",
        "Post removed by a moderator, then: Spam. (Rule 4. Do not advertise) View post",
    ]


def test_moderation_history_omits_internal_actions_and_reasons(guest, sign_in, topic, ada, ben, mia):
    log_action("dismiss", by=mia, target=topic, reason="Among us.", topic_id=topic.pk)
    log_action("unpin", by=mia, target=topic, reason="Among us.", topic_id=topic.pk)
    log_action("reopen", by=mia, target=topic, reason="Among us.", topic_id=topic.pk)
    for client in (guest, sign_in(ben)):
        listed = client.get(f"/t/{topic.pk}/a/record/").text
        assert "Reopened by a moderator" in listed
        assert "Among us" not in listed + page_of(client, topic)


def test_moderation_history_of_hidden_topic_returns_404(guest, sign_in, topic, ada, mia):
    change_title(topic, mia, "Better")
    topic.section.read_by = "staff"
    topic.section.save()
    address = f"/t/{topic.pk}/better/record/"
    missing = sign_in(ada).get("/t/987654321/better/record/")
    for client in (guest, sign_in(ada)):
        assert (client.get(address).status_code, missing.status_code) == (404, 404)
    assert sign_in(mia).get(address).status_code == 200


def test_moderation_history_is_paginated(guest, topic, mia, monkeypatch):
    from core.web import keyset_pagination

    monkeypatch.setattr(keyset_pagination, "ROWS_PER_PAGE", 3)
    for number in range(5):
        change_title(topic, mia, f"Title {number}")
    first = guest.get(f"/t/{topic.pk}/a/record/")
    second = guest.get(f"/t/{topic.pk}/a/record/?before={first.context['page'].last_id}")
    assert [len(page.context["moderator_actions"]) for page in (first, second)] == [3, 2]


# --- Cost ---


def uncached_query_count(client, topic: Topic) -> int:
    clear_fragments()
    clear_frames()
    with CaptureQueriesContext(connection) as queries:
        page_of(client, topic)
    return len(queries)


@pytest.mark.slow
def test_topic_without_moderator_actions_costs_no_extra_query(guest, talk, topic, bens, ada, mia):
    other = start(talk, ada, "Other")
    without = uncached_query_count(guest, other)
    pin_topic(topic=other, by=mia)  # shown nowhere
    assert uncached_query_count(guest, other) == without
    change_title(other, mia, "Better")
    assert uncached_query_count(guest, other) == without + 1
    remove_post(post=reply_to(other, ada), by=mia, reason="Spam.", rule=Rule.objects.current()[0])
    assert uncached_query_count(guest, other) == without + 2  # and the rules


@pytest.mark.slow
def test_number_of_shown_moderator_actions_is_limited(guest, topic, ben, mia):
    posts = [reply_to(topic, ben, f"Number {number}.") for number in range(8)]
    for post in posts:
        highlight_post(post=post, by=mia)
    for number in range(8):
        change_title(topic, mia, f"Title {number}")
    page = page_of(guest, topic)
    assert len(lines(page)) == TOPIC_LINES
    assert page.count('<p class="record">') == POST_LINES
    assert LogEntry.objects.count() == 16
