"""Merging a topic into another: nothing is lost, and every URL redirects."""

from functools import partial

import pytest

from accounts.models import LogEntry, User
from forum.access.errors import NotAllowed, TooManyHighlights, TopicIsMerged
from forum.bookmarks.bookmark import add_bookmark
from forum.drafts import store as drafts_store
from forum.models import Draft, MovedPostStub, Post, ReadMark, Section, SectionVersion, Topic
from forum.models.draft import reply_draft_key
from forum.polls.polls import PollTerms
from forum.read_state import unread
from forum.read_state.unread_topics import unread_topics
from forum.thanks.thank import thank_post
from moderation.access.errors import CannotMove
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.topics.merge import merge_topic
from moderation.topics.remove import remove_topic
from moderation.topics.split import move_posts
from tests.conftest import browser_of, make_user, reply_to, start
from tests.support.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(topic, talk, ben, cleo) -> Topic:
    """Started by Ben after Ada's, with replies by Cleo and Ben."""
    other = start(talk, ben, "Search is slow", "Mine too.")
    reply_to(other, cleo, "Everybody's.")
    reply_to(other, ben, "Since Monday.")
    other.refresh_from_db()
    return other


def read_all_pages(person, topic) -> None:
    topic.refresh_from_db()
    for page in range(1, topic.pages + 1):
        read(browser_of(person), topic, page)


def has_unread(person, topic) -> bool:
    return unread_topics(User.objects.get(pk=person.pk)).filter(pk=topic.pk).exists()


def test_merged_posts_are_appended_in_their_order(topic, other, talk, mia):
    before = list(other.posts.order_by("position"))
    merge_record = merge_topic(topic=other, into=topic, by=mia, reason="The same.")
    assert (merge_record.topic, merge_record.into, merge_record.merged_by) == (other, topic, mia)
    topic.refresh_from_db()
    said = list(topic.posts.order_by("position").values_list("position", "pk"))
    assert said[2:] == [(3, before[0].pk), (4, before[1].pk), (5, before[2].pk)]
    assert (topic.last_position, topic.reply_count, topic.last_post_by) == (5, 4, before[2].author)
    assert SectionVersion.objects.topics_in(talk) == 1
    entry = LogEntry.objects.get()
    assert (entry.act, entry.target_id, entry.facts["after"]["into"]) == ("merge", other.pk, topic.pk)


def test_old_urls_redirect_to_merge_target(topic, other, mia, guest):
    last = other.posts.latest("position")
    merge_topic(topic=other, into=topic, by=mia)
    moved = guest.get(other.get_absolute_url())
    assert (moved.status_code, moved["Location"]) == (301, topic.get_absolute_url())
    assert guest.get(f"/p/{last.pk}/")["Location"] == f"{topic.get_absolute_url()}#p{last.pk}"
    assert guest.get(f"/t/{other.pk}/a/feed/")["Location"] == f"/t/{topic.pk}/{topic.slug}/feed/"
    third = start(topic.section, mia, "All of it")
    merge_topic(topic=topic, into=third, by=mia)
    assert guest.get(other.get_absolute_url())["Location"] == third.get_absolute_url()


def test_merged_topic_is_404_if_target_is_hidden_from_reader(topic, other, mia, guest, ben):
    room = Section.objects.create(name="Room", slug="room", read_by="staff")
    hidden = start(room, mia, "Hidden")
    merge_topic(topic=other, into=hidden, by=mia)
    for client in (guest, browser_of(ben)):
        here, missing = client.get(other.get_absolute_url()), client.get("/t/999999999/search-is-slow/")
        assert (here.status_code, here.content) == (404, missing.content)
    assert browser_of(mia).get(other.get_absolute_url())["Location"] == hidden.get_absolute_url()


def test_reply_after_merge_gets_409_and_preserves_text(topic, other, ben, mia):
    fields = {"body": "Half an hour of typing.", "submission_key": "11111111-2222-4333-8444-555555555555"}
    sent = {**fields, "body": "Just in time.", "submission_key": "11111111-2222-4333-8444-555555555556"}
    client = browser_of(ben)
    client.post(other.url_for("reply"), sent)
    stale = Topic.objects.get(pk=other.pk)
    merge_topic(topic=other, into=topic, by=mia)
    late = client.post(other.url_for("reply"), fields)
    assert late.status_code == 409
    assert "Half an hour of typing." in late.text
    assert topic.get_absolute_url() in late.text
    again = client.post(other.url_for("reply"), sent)
    assert again["Location"] == f"/p/{Post.objects.get(body='Just in time.').pk}/"
    with pytest.raises(TopicIsMerged):
        reply_to(stale, ben)


def test_second_merge_returns_first_and_reverse_merge_is_rejected(topic, other, mia, noor):
    merge_topic(topic=other, into=topic, by=mia)
    assert merge_topic(topic=other, into=topic, by=noor).merged_by == mia
    with pytest.raises(NotAllowed):  # the other way round: the target was merged
        merge_topic(topic=topic, into=other, by=noor)
    assert LogEntry.objects.filter(act="merge").count() == 1
    assert topic.posts.count() == 5


def test_only_staff_of_the_section_can_merge(topic, other, news, ada, mia, noor):
    elsewhere = make_user("sam", "moderator")
    elsewhere.moderates = [news.pk]
    elsewhere.save()
    for person, may in ((ada, False), (elsewhere, False), (mia, True)):
        browser_of(person).post(f"{other.get_absolute_url()}merge/", {"into": topic.get_absolute_url()})
        assert Topic.objects.get(pk=other.pk).is_merged is may, person


def test_topic_with_poll_cannot_be_merged_into_another(topic, talk, ada, mia):
    polled = start(talk, ada, "Tea?", poll=PollTerms(("Yes", "No")))
    with pytest.raises(CannotMove):
        merge_topic(topic=polled, into=topic, by=mia)
    page = browser_of(mia).post(f"{polled.get_absolute_url()}merge/", {"into": topic.get_absolute_url()})
    assert page.status_code == 422
    assert "A topic with a poll cannot be merged" in page.text
    merge_topic(topic=topic, into=polled, by=mia)  # the other way round it is allowed
    assert polled.poll.options.count() == 2


def test_merge_rejects_removed_topic_and_topic_itself(topic, other, mia):
    with pytest.raises(CannotMove):
        merge_topic(topic=topic, into=topic, by=mia)
    remove_topic(topic=other, by=mia, reason="Spam.")
    for act in (partial(merge_topic, topic=other, into=topic), partial(merge_topic, topic=topic, into=other)):
        with pytest.raises(NotAllowed):
            act(by=mia)


def test_thanks_highlights_and_removals_move_with_posts(topic, other, ada, cleo, mia):
    post = other.posts.get(position=2)
    thank_post(post=post, by=ada)
    add_bookmark(post=post, by=ada)
    highlight_post(post=post, by=mia)
    remove_post(post=other.posts.get(position=3), by=mia, reason="Off topic.")
    merge_topic(topic=other, into=topic, by=mia)
    topic.refresh_from_db()
    assert topic.reply_count == 3  # the removed one is a stub here too
    assert list(topic.highlights.values_list("post", flat=True)) == [post.pk]
    page = browser_of(ada).get(topic.get_absolute_url()).text
    assert f'data-post="{post.pk}"' in page
    assert "Off topic." in page
    assert 'data-act="unthank"' in page


@pytest.mark.slow
def test_merge_is_rejected_if_highlight_limit_would_be_exceeded(topic, other, talk, ben, mia):
    for number in range(10):
        highlight_post(post=reply_to(topic, mia, f"Number {number}."), by=mia)
    highlight_post(post=other.posts.get(position=2), by=mia)
    with pytest.raises(TooManyHighlights):
        merge_topic(topic=other, into=topic, by=mia)


@pytest.mark.slow
def test_posts_read_before_merge_stay_read(cleo, topic, other, mia):
    """Cleo has read both topics, Mia neither."""
    for one in (topic, other):
        read_all_pages(cleo, one)
    merge_topic(topic=other, into=topic, by=mia)
    topic.refresh_from_db()
    assert not has_unread(cleo, topic)
    assert ReadMark.objects.get(member=cleo, topic=topic).position == 5
    reply_to(topic, mia, "Anything else?")
    assert has_unread(cleo, topic)
    page = browser_of(cleo).get(topic.get_absolute_url()).text
    assert page.index("Since Monday.") < page.index("New since") < page.index("Anything else?")


def test_posts_covered_by_mark_all_read_stay_read_after_merge(topic, other, mia):
    """Dora marked all as read when half of the other topic was written, and has read this one since."""
    dora = make_user("dora")
    User.objects.filter(pk=dora.pk).update(read_all_until=other.posts.get(position=2).posted_at)
    reply_to(topic, mia, "Newer than all.")
    read_all_pages(dora, topic)
    merge_topic(topic=other, into=topic, by=mia)
    assert ReadMark.objects.get(member=dora, topic=topic).position == 5
    assert has_unread(dora, topic)
    assert unread.first_unread(User.objects.get(pk=dora.pk), Topic.objects.get(pk=topic.pk)) == 6


def test_merge_adds_no_unread_posts_for_member_who_joined_later(topic, other, mia):
    fay = make_user("fay")  # nothing was written since they joined
    merge_topic(topic=other, into=topic, by=mia)
    assert not has_unread(fay, topic)
    assert not ReadMark.objects.filter(member=fay).exists()


def test_unread_posts_stay_unread_after_merge(db, talk, request, mia):
    eve = make_user("eve")
    topic, other = request.getfixturevalue("topic"), request.getfixturevalue("other")
    read_all_pages(eve, topic)
    assert has_unread(eve, other)
    merge_topic(topic=other, into=topic, by=mia)
    assert has_unread(eve, topic)


def test_reply_drafts_move_to_merge_target(topic, other, ada, ben, mia):
    for person in (ada, ben):
        drafts_store.save(
            by=person, draft_key=reply_draft_key(other.pk), version=0, body=f"{person.name} began."
        )
    drafts_store.save(by=ben, draft_key=reply_draft_key(topic.pk), version=0, body="Ben began here too.")
    merge_topic(topic=other, into=topic, by=mia)
    assert Draft.objects.get(member=ada).place == reply_draft_key(topic.pk)
    assert set(Draft.objects.filter(member=ben).values_list("body", flat=True)) == {
        "ben began.", "Ben began here too.",
    }  # fmt: skip
    assert "ben began." in browser_of(ben).get("/drafts/").text


def test_merging_older_posts_keeps_last_post_time(topic, other, mia, guest):
    """Ada's topic is the older one: its posts are older than those in Ben's, which they are merged into."""
    last = other.last_post_at
    merge_topic(topic=topic, into=other, by=mia)
    other.refresh_from_db()
    assert (other.last_post_at, other.last_position, other.reply_count) == (last, 5, 4)
    assert other.unread_position == 5
    newest = reply_to(other, mia)
    assert newest.position == 6
    assert newest.posted_at > last


def test_merged_posts_can_be_moved_again(topic, other, mia, guest):
    post = other.posts.get(position=2)
    merge_topic(topic=other, into=topic, by=mia)
    third = start(topic.section, mia, "Third")
    move_posts(topic=topic, posts=[post.pk], into=third, by=mia)
    assert guest.get(f"/p/{post.pk}/")["Location"] == f"{third.get_absolute_url()}#p{post.pk}"
    assert MovedPostStub.objects.filter(post=post).count() == 2
