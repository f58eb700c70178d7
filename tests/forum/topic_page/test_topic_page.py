"""The topic page: what is on it, for whom, and at what cost."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Rule
from forum.models import Closure, Highlight, Pin, Post, Removal, Section, Topic
from forum.web.pagination import Pages
from moderation.posts.remove import remove_post
from tests.conftest import reply_to, start
from tests.support.page import Page

pytestmark = pytest.mark.django_db


def read(client, topic, page=1):
    return client.get(topic.get_absolute_url() + (f"?page={page}" if page > 1 else ""))


def count_queries(client, address) -> int:
    client.get(address)  # loads what is loaded once per process
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_posts_are_shown_in_order_with_anchors(topic, guest):
    page = read(guest, topic).text
    assert page.index("It takes a minute.") < page.index("Here too.")
    for post in topic.posts.all():
        assert Page(page).one(f"article#p{post.pk}")["data-position"] == str(post.position)
    assert page.count("<article") == 2


def test_exact_time_is_shown_in_community_time_zone(topic, guest, settings):
    topic.posts.update(posted_at=datetime(2007, 4, 23, 19, 57, tzinfo=UTC))
    page = read(guest, topic).text
    time = '<time datetime="2007-04-23T19:57:00Z">3:57pm Apr 23, 2007 EDT</time>'
    assert f'<span class="visually-hidden">Posted at </span>{time}' in page


def test_exact_time_is_shown_in_members_own_time_zone(topic, ada, sign_in):
    ada.time_zone = "Asia/Dubai"
    ada.save()
    topic.posts.update(posted_at=datetime(2007, 4, 23, 19, 57, tzinfo=UTC))
    assert "11:57pm Apr 23, 2007 UTC+4" in read(sign_in(ada), topic).text


@pytest.mark.slow
def test_page_shows_twenty_posts(talk, ada, mia, guest):
    topic = start(talk, ada)
    for number in range(2, 46):
        reply_to(topic, mia, f"Number {number}.")
    topic.refresh_from_db()
    assert topic.pages == 3
    for page, shown in ((1, 20), (2, 20), (3, 5)):
        assert read(guest, topic, page).text.count("<article") == shown


@pytest.mark.parametrize(
    ("page", "status"), [("0", 404), ("2", 404), ("999999999999", 404), ("x", 400), ("-1", 400), ("", 400)]
)
def test_invalid_page_number_is_rejected(topic, guest, page, status):
    assert guest.get(f"{topic.get_absolute_url()}?page={page}").status_code == status


def test_topic_id_with_leading_zeros_returns_404(topic, guest):
    """Query strings must not get into pages that others see."""
    assert guest.get(f"/t/{topic.pk:09}/{topic.slug}/").status_code == 404


def test_permalink_redirects_to_page_and_anchor(talk, ada, mia, guest):
    topic = start(talk, ada)
    posts = [reply_to(topic, mia) for _ in range(21)]
    assert guest.get(f"/p/{posts[0].pk}/")["Location"] == f"{topic.get_absolute_url()}#p{posts[0].pk}"
    assert (
        guest.get(f"/p/{posts[20].pk}/")["Location"] == f"{topic.get_absolute_url()}?page=2#p{posts[20].pk}"
    )


def test_hidden_and_missing_pages_look_the_same(topic, bens, ben, guest, sign_in):
    Section.objects.update(read_by=Section.Audience.STAFF)
    for client in (guest, sign_in(ben)):
        for hidden, missing in (
            (f"/t/{topic.pk}/x/", "/t/999999999/x/"),
            (f"/p/{bens.pk}/", "/p/999999999/"),
            (f"/p/{bens.pk}/history/", "/p/999999999/history/"),
            ("/s/talk/", "/s/nowhere/"),
        ):
            here, there = client.get(hidden), client.get(missing)
            assert here.status_code == there.status_code == 404
            assert here.content == there.content


def test_wrong_slug_of_hidden_topic_returns_404(topic, guest):
    Section.objects.update(read_by=Section.Audience.MEMBERS)
    assert guest.get(f"/t/{topic.pk}/wrong/").status_code == 404


def test_removed_post_shows_stub_and_text_only_to_author_and_staff(topic, bens, ben, mia, guest, sign_in):
    Removal.objects.create(post=bens, removed_by=mia, reason="It named somebody.")
    page = read(guest, topic).text
    assert "Here too." not in page
    assert "It named somebody." in page
    assert f'id="p{bens.pk}" data-position="2"' in page
    assert "Here too." in read(sign_in(mia), topic).text
    assert "Here too." in read(sign_in(ben), topic).text


@pytest.mark.slow
def test_highlights_are_shown_on_every_page(talk, ada, mia, guest):
    topic = start(talk, ada)
    posts = [reply_to(topic, mia, f"Answer {n}") for n in range(41)]
    for post in posts[:4]:
        Highlight.objects.create(
            post=post, topic=topic, revision=1, excerpt=f"Excerpt of {post.pk}", highlighted_by=mia
        )
    topic.refresh_from_db()
    fragments = []
    for number in (1, 2, 3):
        page = read(guest, topic, number).text
        fragment = page[page.index('<section class="highlights"') : page.index("</section>")]
        for post in posts[:4]:
            assert f'data-post="{post.pk}"' in fragment
        assert fragment.index("1 more") < fragment.index(f'data-post="{posts[3].pk}"')  # the rest, collapsed
        assert "What is this?" in fragment
        assert "What does it do?" in fragment
        fragments.append(fragment)
    assert len(set(fragments)) == 1


def test_closure_is_shown_on_every_page(talk, ada, mia, guest):
    topic = start(talk, ada)
    for _ in range(20):
        reply_to(topic, mia)
    instead = start(talk, ada, title="Fast search")
    Closure.objects.create(topic=topic, closed_by=mia, reason="Solved on Monday.", read_instead=instead)
    topic.refresh_from_db()
    for number in (1, 2):
        page = read(guest, topic, number).text
        assert "This topic was closed" in page
        assert "Solved on Monday." in page
        assert instead.get_absolute_url() in page


def test_closure_links_hidden_topic_only_for_its_readers(topic, talk, ada, mia, guest, sign_in):
    hidden = Section.objects.create(name="Staff", slug="staff", read_by=Section.Audience.STAFF)
    instead = start(hidden, mia, title="The hidden one")
    Closure.objects.create(topic=topic, closed_by=mia, reason="r", read_instead=instead)
    assert "The hidden one" not in read(guest, topic).text
    assert "The hidden one" in read(sign_in(mia), topic).text


def test_html_in_title_is_escaped(talk, ada, guest):
    topic = start(talk, ada, title="<b>5 > 3</b> & so on")
    assert "<bdi>&lt;b&gt;5 &gt; 3&lt;/b&gt; &amp; so on</bdi></h1>" in read(guest, topic).text


@pytest.mark.parametrize(
    ("number", "last", "links"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),  # where one is left out, it is not shown
        (6, 9, [1, None, 5, 6, 7, 8, 9]),
        (9, 9, [1, None, 8, 9]),
        (250, 500, [1, None, 249, 250, 251, None, 500]),
    ],
)
def test_page_links_show_first_last_and_neighbouring_pages(number, last, links):
    assert Pages(number, last).links == links


GUEST_QUERIES, MEMBER_QUERIES, STAFF_QUERIES = 1, 3, 4


@pytest.mark.slow
def test_query_count_is_constant_for_20_and_10_000_posts(talk, ada, ben, mia, sign_in):
    small, large = start(talk, ada), start(talk, ada, title="Large")
    for topic, size in ((small, 20), (large, 10_000)):
        like = topic.posts.get()
        Post.objects.bulk_create(
            Post(
                topic=topic,
                author=ben if position % 2 else ada,
                position=position,
                body=like.body,
                html=like.html,
                excerpt=like.excerpt,
                renderer=like.renderer,
                submission_key=f"{topic.pk:016x}{position:016x}",
            )
            for position in range(2, size + 1)
        )
        Topic.objects.filter(pk=topic.pk).update(last_position=size, reply_count=size - 1)
    for client, budget in (
        (sign_in(None), GUEST_QUERIES),
        (sign_in(ada), MEMBER_QUERIES),
        (sign_in(mia), STAFF_QUERIES),
    ):
        addresses = [
            small.get_absolute_url(),
            large.get_absolute_url(),
            large.get_absolute_url() + "?page=500",
        ]
        assert [count_queries(client, address) for address in addresses] == [budget] * 3


def test_topic_with_all_marks_costs_at_most_two_extra_queries(topic, original, bens, ada, mia, sign_in):
    """A page with everything on it: closed, pinned, highlighted, edited, removed."""
    from forum.posts.edit import edit_post

    edit_post(post=original, by=mia, body="Better", version=1, reason="r")
    Highlight.objects.create(post=original, topic=topic, revision=2, excerpt="x", highlighted_by=mia)
    Removal.objects.create(post=bens, removed_by=mia, reason="r")
    Pin.objects.create(topic=topic, pinned_by=mia)
    Closure.objects.create(topic=topic, closed_by=mia, reason="r", read_instead=start(topic.section, ada))
    assert count_queries(sign_in(None), topic.get_absolute_url()) == GUEST_QUERIES + 1  # what to read instead
    assert count_queries(sign_in(mia), topic.get_absolute_url()) == STAFF_QUERIES + 2  # and the removed text


def test_guest_gets_no_cookie(topic, guest):
    assert not read(guest, topic).cookies


def test_posts_have_headings_and_breadcrumbs_are_a_list(topic, bens, mia, guest):
    remove_post(post=reply_to(topic, bens.author), by=mia, reason="Spam.")
    page = Page(read(guest, topic))
    for position, words in (
        (1, "Post #1 by ada"),
        (2, "Post #2 by ben"),
        (3, "Post #3 by ben, removed"),
    ):
        post = topic.posts.get(position=position)
        assert page.one(f"h2#h{post.pk}").text == words
        assert page.has(f"h2#h{post.pk} bdi")
        assert page.has(f"article[aria-labelledby=h{post.pk}]")
    assert page.one("nav.crumbs[aria-label=Breadcrumb] > ol > li > a")["href"] == "/s/talk/"
    assert page.has("[data-act=theme][aria-label=Theme]")


def test_removed_post_stub_separates_reason_and_rule(topic, bens, mia, guest):
    rule = Rule.objects.current().first()
    remove_post(post=bens, by=mia, reason="Test removal", rule=rule)
    stub = Page(read(guest, topic)).one(".tombstone > p")
    assert stub.text.endswith(f": Test removal (Rule {rule}) #2")
    assert stub.one("a.rule")["href"] == rule.get_absolute_url()


def test_long_topic_has_a_page_number_form(talk, ada, guest):
    topic = start(talk, ada)
    Topic.objects.filter(pk=topic.pk).update(last_position=170, version=2)
    form = Page(read(guest, topic)).one("form.go-to")
    assert form["action"] == topic.get_absolute_url()
    field = form.one("input[type=number][name=page][required]")
    assert (field["min"], field["max"], field["aria-label"]) == ("1", "9", "Page, 1 to 9")
    Topic.objects.filter(pk=topic.pk).update(last_position=90, version=3)
    assert "go-to" not in read(guest, topic).text
