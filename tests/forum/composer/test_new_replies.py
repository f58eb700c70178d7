"""New replies arrived during writing: the form says so, and shows them before posting to members who want that."""

from uuid import uuid4

import pytest

from forum.models import Post, Section
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.forum.drafts.test_drafts import form_of, page_of

pytestmark = pytest.mark.django_db
TICKED = {"look_first": "on"}


@pytest.fixture
def begun(topic, cleo, sign_in):
    """Cleo's browser, and the form that she has open."""
    client = sign_in(cleo)
    return client, {**page_of(client, topic.get_absolute_url()), "body": "My view."}


def asked(client, topic, seen) -> int:
    address = f"{topic.url_for('since')}?seen={seen}"
    return client.get(address, headers={"accept": "application/json"}).json()["replies"]


def test_a_plain_send_is_never_held_up(begun, topic, ben):
    client, said = begun
    reply_to(topic, ben)
    assert client.post(topic.url_for("reply"), said).status_code == 302
    assert Post.objects.filter(body="My view.").exists()


def test_who_wishes_is_shown_them_once_with_the_text_kept(begun, topic, ben):
    client, said = begun
    reply_to(topic, ben, "It is **mended**.")
    page = client.post(topic.url_for("reply"), {**said, **TICKED})
    html = page.text
    assert page.status_code == 200
    assert "It is <strong>mended</strong>." in html
    assert not Post.objects.filter(body="My view.").exists()
    again = form_of(html)
    assert (again["body"], again["submission_key"]) == ("My view.", said["submission_key"])
    assert 'name="look_first" id="id_look_first" checked' in html
    assert client.post(topic.url_for("reply"), {**again, **TICKED}).status_code == 302
    assert Post.objects.filter(body="My view.").count() == 1


def test_and_once_more_when_more_came(begun, topic, ben):
    client, said = begun
    for words in ("one", "two"):
        reply_to(topic, ben, words)
        said = form_of(client.post(topic.url_for("reply"), {**said, **TICKED}).text)
    assert said["seen"] == "4"


def test_nothing_new_is_no_reason_to_wait(begun, topic, cleo, mia, ben):
    """Neither are one's own replies, nor removed ones."""
    client, said = begun
    reply_to(topic, cleo)
    remove_post(post=reply_to(topic, ben), by=mia, reason="Rude.")
    assert client.post(topic.url_for("reply"), {**said, **TICKED}).status_code == 302


def test_a_second_click_leads_to_the_post_though_others_answered(begun, topic, ben):
    client, said = begun
    first = client.post(topic.url_for("reply"), {**said, **TICKED})
    reply_to(topic, ben)
    assert client.post(topic.url_for("reply"), {**said, **TICKED}).url == first.url


def test_the_wish_is_remembered_in_this_browser(begun, topic, ben, cleo, sign_in):
    client, said = begun
    ticked = 'id="id_look_first" checked'
    assert ticked not in client.get(topic.get_absolute_url()).text
    client.post(topic.url_for("reply"), {**said, **TICKED})
    assert ticked in client.get(topic.get_absolute_url()).text
    assert ticked not in sign_in(ben).get(topic.get_absolute_url()).text
    client.post(topic.url_for("reply"), {**said, "submission_key": str(uuid4())})
    assert ticked not in client.get(topic.get_absolute_url()).text


def test_the_preview_says_so_too(begun, topic, ben):
    client, said = begun
    reply_to(topic, ben)
    page = client.post("/preview/", said).text
    assert "1 new reply since you started writing." in page
    assert f'href="{topic.url_for("since")}?seen=2"' in page
    assert "It is mended." not in page


def test_a_script_asks_how_many_and_it_costs_little(begun, topic, ben, cleo, mia, django_assert_num_queries):
    client, _ = begun
    assert asked(client, topic, 2) == 0
    for _ in range(3):
        reply_to(topic, ben)
    remove_post(post=reply_to(topic, ben), by=mia, reason="Rude.")
    reply_to(topic, cleo)
    assert [asked(client, topic, seen) for seen in (2, 3, 99, "", "x", "²")] == [3, 2, 0, 5, 5, 5]
    with django_assert_num_queries(3):  # session and member, the topic, the count
        asked(client, topic, 2)


def test_a_removed_answer_is_no_news_to_staff_either(topic, ben, mia, sign_in):
    remove_post(post=reply_to(topic, ben), by=mia, reason="Rude.")
    assert asked(sign_in(mia), topic, 2) == 0


def test_they_are_shown_on_a_page_of_their_own(begun, topic, ben):
    client, _ = begun
    post = reply_to(topic, ben, "It is **mended**.")
    page = client.get(f"{topic.url_for('since')}?seen=2").text
    assert "<strong>mended</strong>" in page
    assert post.get_absolute_url() in page
    assert "Here too." not in page


def test_what_is_hidden_is_not_counted(begun, topic, ben):
    client, _ = begun
    reply_to(topic, ben)
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert client.get(f"{topic.url_for('since')}?seen=2").status_code == 404
