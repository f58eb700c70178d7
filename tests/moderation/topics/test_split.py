"""Splitting posts off into a topic of their own, or to the end of another."""

import pytest

from accounts.models import LogEntry, User
from forum.access.errors import NotAllowed
from forum.models import MovedPostStub, Post, Section, SectionVersion, Topic
from forum.read_state.unread_topics import unread_topics
from moderation.access.errors import AlreadyMoved, CannotMove
from moderation.posts.remove import remove_post
from moderation.topics.split import move_posts, split_posts
from tests.conftest import browser_of, make_user, reply_to, start
from tests.moderation.topics.test_merge import read_all_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic_posts(topic, ada, ben, cleo) -> list[Post]:
    """The posts of the topic, with five more by three people."""
    for by, body in (
        (cleo, "Aside."),
        (ben, "Which aside?"),
        (ada, "Back to it."),
        (cleo, "Still aside."),
        (ben, "Well."),
    ):
        reply_to(topic, by, body)
    topic.refresh_from_db()
    return list(topic.posts.order_by("position"))


def split(topic, posts, mia, **kwargs) -> Topic:
    said = {"section": topic.section, "title": "The aside", **kwargs}
    return split_posts(topic=topic, posts=[post.pk for post in posts], by=mia, **said)


def test_split_posts_form_a_new_topic(topic, topic_posts, talk, cleo, mia):
    chosen = [topic_posts[2], topic_posts[3], topic_posts[5]]
    new = split(topic, chosen, mia)
    topic.refresh_from_db()
    new.refresh_from_db()
    assert list(new.posts.order_by("position").values_list("position", "pk")) == [
        (number, post.pk) for number, post in enumerate(chosen, 1)
    ]
    assert (new.started_by, new.started_at) == (cleo, chosen[0].posted_at)
    assert (new.last_position, new.reply_count, new.last_post_by) == (3, 2, cleo)
    assert (topic.last_position, topic.reply_count) == (7, 3)
    assert SectionVersion.objects.topics_in(talk) == 2
    entry = LogEntry.objects.get()
    assert (entry.act, entry.facts["after"]["into"]) == ("split", new.pk)
    assert entry.facts["before"]["places"] == [[p.pk, p.position] for p in chosen]


def test_moved_post_stubs_link_to_the_moved_posts(topic, topic_posts, mia, guest):
    chosen = [topic_posts[2], topic_posts[3], topic_posts[6]]
    new = split(topic, chosen, mia)
    page = guest.get(topic.get_absolute_url()).text
    assert page.count("data-places-left") == 2
    assert 'data-places-left="2"' in page
    assert "A post by <bdi>ben</bdi> was moved from here" in page
    for post in chosen:
        assert f'<a class="num" href="/p/{post.pk}/">#{post.position}</a>' in page
        assert guest.get(f"/p/{post.pk}/")["Location"] == f"{new.get_absolute_url()}#p{post.pk}"
    assert (
        page.index(f'id="p{topic_posts[1].pk}"')
        < page.index("2 posts were moved")
        < page.index(f'id="p{topic_posts[4].pk}"')
    )
    assert "Moved here" in guest.get(new.get_absolute_url()).text


def test_page_with_only_moved_post_stubs_is_shown(topic, mia, guest, cleo):
    posts = [reply_to(topic, mia, f"Number {n}.") for n in range(3, 24)]
    assert posts[-1].position == 23
    split(topic, posts[18:], mia)
    page = guest.get(f"{topic.get_absolute_url()}?page=2")
    assert page.status_code == 200
    assert "3 posts were moved" in page.text
    assert browser_of(cleo).get(f"{topic.get_absolute_url()}unread/").status_code == 302


def test_split_sets_last_post_to_latest_remaining_post(topic, topic_posts, mia):
    split(topic, topic_posts[5:], mia)
    topic.refresh_from_db()
    assert (topic.last_post_at, topic.last_post_by) == (topic_posts[4].posted_at, topic_posts[4].author)
    assert topic.unread_position == 5
    assert reply_to(topic, mia).position == 8  # the position of a moved post is not reused


def test_posts_read_before_split_stay_read(cleo, topic, topic_posts, mia):
    read_all_pages(cleo, topic)
    new = split(topic, topic_posts[2:5], mia)
    theirs = User.objects.get(pk=cleo.pk)
    assert new not in unread_topics(theirs)
    assert topic not in unread_topics(theirs)


def test_original_post_cannot_be_split_off(topic, topic_posts, mia):
    with pytest.raises(CannotMove, match="original post cannot be moved"):
        split(topic, topic_posts[:2], mia)


def test_new_topic_cannot_start_with_removed_post(topic, topic_posts, mia):
    remove_post(post=topic_posts[2], by=mia, reason="Rude.")
    with pytest.raises(CannotMove, match="first selected post is removed"):
        split(topic, topic_posts[2:4], mia)
    new = split(topic, [topic_posts[1], *topic_posts[2:4]], mia)
    new.refresh_from_db()
    assert (new.last_position, new.reply_count) == (3, 1)


def test_second_split_of_same_posts_is_rejected_with_409(topic, topic_posts, mia, noor):
    split(topic, topic_posts[2:4], mia)
    with pytest.raises(AlreadyMoved, match="mia moved some of them"):
        split(topic, topic_posts[3:5], noor)
    posts = {"post": [post.pk for post in topic_posts[3:5]], "title": "T", "section": topic.section.pk}
    page = browser_of(noor).post(f"{topic.get_absolute_url()}split/", posts)
    assert page.status_code == 409
    assert "mia moved some of them at " in page.text
    assert Topic.objects.count() == 2
    assert LogEntry.objects.count() == 1


def test_split_pages_work_without_script(topic, topic_posts, mia):
    """Tick, fill in, done; without a script."""
    client, address = browser_of(mia), topic.get_absolute_url()
    assert f'name="post" value="{topic_posts[2].pk}"' in client.get(f"{address}select/").text
    ask = client.get(f"{address}split/", {"post": [topic_posts[2].pk, topic_posts[3].pk]}).text
    assert f'type="hidden" name="post" value="{topic_posts[2].pk}"' in ask
    assert "Which aside?" in ask
    posted = {"post": [topic_posts[2].pk, topic_posts[3].pk], "section": topic.section.pk}
    wrong = client.post(f"{address}split/", posted)
    assert wrong.status_code == 422
    assert f'name="post" value="{topic_posts[3].pk}"' in wrong.text
    done = client.post(f"{address}split/", {**posted, "title": "The aside"})
    assert done["Location"] == Topic.objects.get(title="The aside").get_absolute_url()


def test_posts_can_be_moved_to_end_of_existing_topic(topic, topic_posts, talk, ben, mia, guest):
    other = start(talk, ben, "Asides")
    page = browser_of(mia).post(
        f"{topic.get_absolute_url()}move-posts/",
        {"post": [topic_posts[2].pk, topic_posts[5].pk], "into": other.get_absolute_url()},
    )
    other.refresh_from_db()
    assert page["Location"] == other.newest_url
    assert list(other.posts.order_by("position").values_list("pk", flat=True))[1:] == [
        topic_posts[2].pk,
        topic_posts[5].pk,
    ]
    assert (other.last_position, other.reply_count) == (3, 2)
    assert MovedPostStub.objects.filter(topic=topic).count() == 2


def test_selected_posts_are_removed_together(topic, topic_posts, mia):
    address = f"{topic.get_absolute_url()}remove-posts/"
    assert browser_of(mia).post(address, {"post": [topic_posts[2].pk]}).status_code == 422  # no reason
    browser_of(mia).post(address, {"post": [p.pk for p in topic_posts[2:5]], "reason": "Off topic."})
    topic.refresh_from_db()
    assert topic.reply_count == 3
    assert LogEntry.objects.filter(act="remove").count() == 3


@pytest.mark.slow
def test_only_staff_of_the_section_can_split_move_or_remove_posts(
    topic, topic_posts, talk, news, ada, cleo, mia
):
    elsewhere = make_user("sam", "moderator")
    elsewhere.moderates = [news.pk]
    elsewhere.save()
    fields = {
        "title": "T",
        "section": talk.pk,
        "into": start(talk, mia).get_absolute_url(),
        "reason": "R",
    }
    for person, may in ((None, False), (ada, False), (cleo, False), (elsewhere, False), (mia, True)):
        for act, post in zip(("split", "move-posts", "remove-posts"), topic_posts[2:], strict=False):
            browser_of(person).post(f"{topic.get_absolute_url()}{act}/", {**fields, "post": [post.pk]})
            is_gone = not Post.objects.filter(pk=post.pk, topic=topic, removal=None).exists()
            assert is_gone is may, (person, act)
    with pytest.raises(NotAllowed):
        split_posts(topic=topic, posts=[topic_posts[5].pk], section=talk, title="T", by=elsewhere)


def test_posts_cannot_be_moved_to_topic_hidden_from_the_moderator(topic, topic_posts, talk, mia):
    room = Section.objects.create(name="Room", slug="room", read_by="staff")
    hidden = start(room, mia, "Hidden")
    of_talk = make_user("tom", "moderator")
    of_talk.moderates = [talk.pk]
    of_talk.save()
    with pytest.raises(NotAllowed):
        move_posts(topic=topic, posts=[topic_posts[2].pk], into=hidden, by=of_talk)
    client, address = browser_of(of_talk), f"{topic.get_absolute_url()}move-posts/"
    here = client.post(address, {"post": [topic_posts[2].pk], "into": hidden.get_absolute_url()})
    missing = client.post(address, {"post": [topic_posts[2].pk], "into": f"/t/999999999/{hidden.slug}/"})
    assert (here.status_code, missing.status_code) == (422, 422)
    assert "Enter the link of a topic" in here.text
    assert "Enter the link of a topic" in missing.text
