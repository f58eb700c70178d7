"""Every change is visible to the next guest, on every page that shows it and in every feed."""

import pytest

from accounts.access import roles
from accounts.profile import rename as profile_rename
from accounts.profile.picture import change_picture
from config.availability import database_monitor
from forum.models import Post, Section
from forum.polls import vote as polls_vote
from forum.polls.polls import PollTerms, create_poll
from forum.posts.edit import edit_post
from forum.sections.manage import change_section
from forum.thanks.thank import thank_post
from forum.topics import rename
from moderation.posts.highlight import highlight_post, unhighlight_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from tests.conftest import clear_caches, reply_to, start
from tests.support.pictures import picture, uploaded_file
from tests.support.wsgi_client import count_queries

pytestmark = pytest.mark.django_db(transaction=True)

FEEDS = ["/feeds/", "/feeds/announcements/", "/feeds/highlights/", "/s/talk/feed/", "/s/news/feed/"]
CHANGES = {
    "reply": lambda topic, post, cast: reply_to(topic, cast["ben"], "A new word."),
    "start": lambda topic, post, cast: start(topic.section, cast["ben"]),
    "announce": lambda topic, post, cast: start(Section.objects.get(slug="news"), cast["mia"]),
    "edit": lambda topic, post, cast: edit_post(post=post, by=cast["ben"], body="New words.", version=1),
    "highlight": lambda topic, post, cast: highlight_post(post=post, by=cast["mia"]),
    "unhighlight": lambda topic, post, cast: unhighlight_post(post=original_post(topic), by=cast["mia"]),
    "edit of a highlight": lambda topic, post, cast: edit_post(
        post=original_post(topic), by=cast["ada"], body="New words.", version=1
    ),
    "removal of a highlight": lambda topic, post, cast: remove_post(
        post=original_post(topic), by=cast["mia"], reason="Rude."
    ),
    "thank": lambda topic, post, cast: thank_post(post=post, by=cast["ada"]),
    "vote": lambda topic, post, cast: create_poll_and_vote(topic, cast["ada"]),
    "close": lambda topic, post, cast: close_topic(topic=topic, by=cast["mia"], reason="Enough."),
    "remove": lambda topic, post, cast: remove_post(post=post, by=cast["mia"], reason="Rude."),
    "retitle": lambda topic, post, cast: rename.rename_topic(topic=topic, by=cast["ada"], title="Other", version=1),
    "picture": lambda topic, post, cast: change_picture(by=cast["ben"], upload=uploaded_file("ben.png", picture())),
    "role": lambda topic, post, cast: roles.change_role(member=cast["ben"], by=cast["noor"], role="moderator"),
    "rename": lambda topic, post, cast: profile_rename.rename(by=cast["ada"], name="lovelace"),
}  # fmt: skip
SHOWN_IN = {
    "reply": {"topic"},
    "start": {"/feeds/", "/s/talk/feed/"},
    "announce": {"/feeds/", "/feeds/announcements/", "/s/news/feed/"},
    "edit": {"topic"},
    "highlight": {"/feeds/highlights/"},
    "unhighlight": {"/feeds/highlights/"},
    "edit of a highlight": {"topic", "/feeds/", "/feeds/highlights/", "/s/talk/feed/"},
    "removal of a highlight": {"topic", "/feeds/", "/feeds/highlights/", "/s/talk/feed/"},
    "remove": {"topic"},
    "retitle": {"topic", "/feeds/", "/feeds/highlights/", "/s/talk/feed/"},
    "rename": {"topic", "/feeds/", "/feeds/highlights/", "/s/talk/feed/"},
}


def create_poll_and_vote(topic, by) -> None:
    poll = create_poll(topic, PollTerms(("Yes", "No")), at=topic.started_at)
    polls_vote.vote(topic=topic, by=by, options=[poll.options.get(position=2).pk])


def original_post(topic) -> Post:
    return topic.posts.get(position=1)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, marks=[] if change in ("edit", "remove") else pytest.mark.slow)
        for change in CHANGES
    ],
)
def test_change_refreshes_every_page_that_shows_the_change(
    change, visitor, topic, news, bens, ada, ben, mia, noor
):
    highlight_post(post=original_post(topic), by=mia)
    feeds = [*FEEDS, f"/t/{topic.pk}/feeds-know-no-slug/feed/"]
    addresses = [
        "/", topic.section.get_absolute_url(), topic.get_absolute_url(), ben.get_absolute_url(), *feeds
    ]  # fmt: skip
    assert database_monitor.poll_now(visitor.app.store.copies.names(), within=120)
    before = [visitor.get(address).text for address in addresses]
    CHANGES[change](topic, bens, {"ada": ada, "ben": ben, "mia": mia, "noor": noor})
    assert database_monitor.poll_now(visitor.app.store.copies.names(), within=120)
    topic.refresh_from_db()
    if change == "retitle":
        addresses[2] = topic.get_absolute_url()
    after = [visitor.get(address).text for address in addresses]
    clear_caches()
    by_django = [
        visitor.get(f"{address}?anew").text.replace("%3Fanew", "").replace("?anew", "")
        for address in addresses
    ]
    assert after == by_django
    if change not in ("start", "announce"):
        assert after[2] != before[2]
    others = {
        "topic" if address == feeds[-1] else address
        for address, was, became in zip(addresses[4:], before[4:], after[4:], strict=True)
        if became != was
    }
    assert others == SHOWN_IN.get(change, set())


def test_hidden_section_disappears_from_cache_at_once(visitor, topic, talk, noor):
    highlight_post(post=original_post(topic), by=noor)
    theirs = [topic.get_absolute_url(), "/s/talk/", topic.url_for("topic_feed"), "/s/talk/feed/"]
    lists = ["/", "/feeds/", "/feeds/highlights/"]
    assert {visitor.get(address).status for address in theirs} == {200}
    assert all("Slow search" in visitor.get(address).text for address in lists)
    change_section(section=talk, by=noor, grants={}, read_by=Section.Audience.MEMBERS)
    assert database_monitor.poll_now(visitor.app.store.copies.names(), within=120)
    for _ in range(2):
        assert {visitor.get(address).status for address in theirs} == {404}
        assert not any("Slow search" in visitor.get(address).text for address in lists)


def test_new_topic_does_not_refresh_other_section(front, visitor, topic, news, mia):
    assert database_monitor.poll_now(within=120)
    visitor.get(topic.section.get_absolute_url())
    visitor.get(news.get_absolute_url())
    start(news, mia)
    assert database_monitor.poll_now(visitor.app.store.copies.names(), within=120)
    assert count_queries(visitor, topic.section.get_absolute_url()) == 0
    assert count_queries(visitor, news.get_absolute_url()) > 0
