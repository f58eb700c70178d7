"""A reply that only staff see: nothing on other readers' pages reveals that it exists."""

import pytest

from forum.access.errors import NotAllowed
from forum.models import SectionVersion, StaffReply, Topic
from moderation.posts.staff_replies import add_staff_note, remove_staff_note
from moderation.topics.split import split_posts
from tests.conftest import browser_of, make_user, offers, reply_to
from tests.support.reading import read

pytestmark = pytest.mark.django_db

KEY = "11111111-2222-4333-8444-555555555555"
SECRET = "We know that this is his third account."


def post_staff_reply(topic, person, body=SECRET, **said):
    return browser_of(person).post(
        f"{topic.get_absolute_url()}staff-reply/",
        {"body": body, "post": topic.posts.get(position=2).pk, "submission_key": KEY, **said},
    )


@pytest.mark.slow
def test_staff_see_staff_reply_below_its_post(topic, bens, mia, noor):
    assert post_staff_reply(topic, mia)["Location"] == f"/p/{bens.pk}/"
    for person in (mia, noor):
        page = browser_of(person).get(topic.get_absolute_url()).text
        assert page.index("Here too.") < page.index(SECRET)
        assert "Staff only" in page


@pytest.mark.slow
def test_staff_reply_is_visible_only_to_staff_of_the_section(topic, talk, news, ada, ben, mia):
    post_staff_reply(topic, mia)
    of_talk, elsewhere = make_user("tom", "moderator"), make_user("sam", "moderator")
    for person, section in ((of_talk, talk), (elsewhere, news)):
        person.moderates = [section.pk]
        person.save()
    for person in (None, ada, ben, elsewhere):
        page = browser_of(person).get(topic.get_absolute_url())
        assert SECRET not in page.text
        assert not offers(page, "staff_reply")
    assert SECRET in browser_of(of_talk).get(topic.get_absolute_url()).text


PAGES = ["/", "/s/talk/", "/s/talk/feed/", "/feeds/", "/u/mia/", "/unread/", "/search/?q=account"]


@pytest.mark.slow
def test_staff_reply_changes_nothing_on_pages_of_other_readers(cleo, topic, mia):
    """Pages, lists, feeds, counts and orders, of a guest and of a member who has read nothing; and nothing gets
    longer."""
    urls = [
        *PAGES,
        topic.get_absolute_url(),
        f"/t/{topic.pk}/{topic.slug}/feed/",
        topic.url_for("since") + "?seen=0",
    ]
    reply_to(Topic.objects.get(pk=topic.pk), mia, "A reply for all.")

    def snapshot() -> list:
        from tests.forum.topic_page.test_fragments import same

        pages = []
        for person in (None, cleo):
            client = browser_of(person)
            read(client, topic)  # the unread list is as of when it was made
            pages += [same(client.get(url).text) for url in urls]
        topic.refresh_from_db()
        row = {name: value for name, value in topic.__dict__.items() if not name.startswith("_")}
        return [pages, row, list(SectionVersion.objects.order_by("pk").values())]

    before = snapshot()
    post_staff_reply(topic, mia)
    assert StaffReply.objects.count() == 1
    assert snapshot() == before
    reply_to(topic, mia, "The control.")
    assert snapshot() != before


def test_resubmission_creates_one_staff_reply(topic, mia):
    post_staff_reply(topic, mia)
    post_staff_reply(topic, mia)
    assert StaffReply.objects.count() == 1


def test_empty_or_too_long_staff_reply_gets_422(topic, mia):
    for body in ("  ", "x" * 32_001):
        page = post_staff_reply(topic, mia, body)
        assert page.status_code == 422
    assert "x" * 32_001 in page.text


def test_only_staff_of_the_section_can_add_staff_reply(topic, bens, ada, news, mia):
    elsewhere = make_user("sam", "moderator")
    elsewhere.moderates = [news.pk]
    elsewhere.save()
    for person in (None, ada, elsewhere):
        assert post_staff_reply(topic, person).status_code == 403
    with pytest.raises(NotAllowed):
        add_staff_note(post=bens, by=ada, body="x", submission_key=KEY)
    assert not StaffReply.objects.exists()


@pytest.mark.slow
def test_only_its_author_can_delete_staff_reply(topic, mia, noor):
    post_staff_reply(topic, mia)
    reply, zoe = StaffReply.objects.get(), make_user("zoe", "moderator")
    with pytest.raises(NotAllowed):
        remove_staff_note(reply=reply, by=zoe)
    address = f"{topic.get_absolute_url()}staff-reply/{reply.pk}/take-back/"
    assert browser_of(zoe).post(address).status_code == 403
    assert browser_of(mia).post(address).status_code == 302
    assert SECRET not in browser_of(noor).get(topic.get_absolute_url()).text
    assert StaffReply.objects.filter(body=SECRET).exists()
    assert browser_of(mia).post(address).status_code == 404


@pytest.mark.slow
def test_staff_reply_moves_with_its_post(topic, bens, talk, mia):
    post_staff_reply(topic, mia)
    new = split_posts(topic=topic, posts=[bens.pk], section=talk, title="New", by=mia)
    assert SECRET in browser_of(mia).get(new.get_absolute_url()).text
    assert SECRET not in browser_of(mia).get(topic.get_absolute_url()).text


def test_staff_reply_is_rendered_and_sanitized_like_a_post(topic, mia):
    post_staff_reply(topic, mia, "<script>alert(1)</script> **bold**")
    page = browser_of(mia).get(topic.get_absolute_url()).text
    assert "<script>alert(1)" not in page
    assert "<strong>bold</strong>" in page
