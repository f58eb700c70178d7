"""New replies arrived during writing: the form says so, and shows them before posting to members who want that."""

from uuid import uuid4

import pytest

from forum.models import Post, Section
from moderation.posts.remove import remove_post
from tests.conftest import reply_to
from tests.forum.drafts.test_drafts import form_at, form_of

pytestmark = pytest.mark.django_db
CONFIRM_NEW_REPLIES = {"look_first": "on"}


@pytest.fixture
def open_form(topic, cleo, sign_in):
    """Cleo's browser, and the form that she has open."""
    client = sign_in(cleo)
    return client, {**form_at(client, topic.get_absolute_url()), "body": "My view."}


def count_new_replies(client, topic, seen) -> int:
    address = f"{topic.url_for('since')}?seen={seen}"
    return client.get(address, headers={"accept": "application/json"}).json()["replies"]


def test_reply_without_confirmation_is_posted_despite_new_replies(open_form, topic, ben):
    client, said = open_form
    reply_to(topic, ben)
    assert client.post(topic.url_for("reply"), said).status_code == 302
    assert Post.objects.filter(body="My view.").exists()


def test_new_replies_are_shown_once_before_posting_with_text_preserved(open_form, topic, ben):
    client, said = open_form
    reply_to(topic, ben, "It is **mended**.")
    page = client.post(topic.url_for("reply"), {**said, **CONFIRM_NEW_REPLIES})
    html = page.text
    assert page.status_code == 200
    assert "It is <strong>mended</strong>." in html
    assert not Post.objects.filter(body="My view.").exists()
    again = form_of(html)
    assert (again["body"], again["submission_key"]) == ("My view.", said["submission_key"])
    assert 'name="look_first" id="id_look_first" checked' in html
    assert client.post(topic.url_for("reply"), {**again, **CONFIRM_NEW_REPLIES}).status_code == 302
    assert Post.objects.filter(body="My view.").count() == 1


def test_new_replies_are_shown_again_when_more_arrive(open_form, topic, ben):
    client, said = open_form
    for words in ("one", "two"):
        reply_to(topic, ben, words)
        said = form_of(client.post(topic.url_for("reply"), {**said, **CONFIRM_NEW_REPLIES}).text)
    assert said["seen"] == "4"


def test_own_and_removed_replies_need_no_confirmation(open_form, topic, cleo, mia, ben):
    """Neither are one's own replies, nor removed ones."""
    client, said = open_form
    reply_to(topic, cleo)
    remove_post(post=reply_to(topic, ben), by=mia, reason="Rude.")
    assert client.post(topic.url_for("reply"), {**said, **CONFIRM_NEW_REPLIES}).status_code == 302


def test_double_submit_redirects_to_the_post_despite_new_replies(open_form, topic, ben):
    client, said = open_form
    first = client.post(topic.url_for("reply"), {**said, **CONFIRM_NEW_REPLIES})
    reply_to(topic, ben)
    assert client.post(topic.url_for("reply"), {**said, **CONFIRM_NEW_REPLIES}).url == first.url


def test_confirmation_choice_is_remembered_per_browser(open_form, topic, ben, cleo, sign_in):
    client, said = open_form
    ticked = 'id="id_look_first" checked'
    assert ticked not in client.get(topic.get_absolute_url()).text
    client.post(topic.url_for("reply"), {**said, **CONFIRM_NEW_REPLIES})
    assert ticked in client.get(topic.get_absolute_url()).text
    assert ticked not in sign_in(ben).get(topic.get_absolute_url()).text
    client.post(topic.url_for("reply"), {**said, "submission_key": str(uuid4())})
    assert ticked not in client.get(topic.get_absolute_url()).text


def test_preview_shows_the_number_of_new_replies(open_form, topic, ben):
    client, said = open_form
    reply_to(topic, ben)
    page = client.post("/preview/", said).text
    assert "1 new reply since you started writing." in page
    assert f'href="{topic.url_for("since")}?seen=2"' in page
    assert "It is mended." not in page


def test_script_can_count_new_replies_in_three_queries(
    open_form, topic, ben, cleo, mia, django_assert_num_queries
):
    client, _ = open_form
    assert count_new_replies(client, topic, 2) == 0
    for _ in range(3):
        reply_to(topic, ben)
    remove_post(post=reply_to(topic, ben), by=mia, reason="Rude.")
    reply_to(topic, cleo)
    assert [count_new_replies(client, topic, seen) for seen in (2, 3, 99, "", "x", "²")] == [3, 2, 0, 5, 5, 5]
    with django_assert_num_queries(3):  # session and member, the topic, the count
        count_new_replies(client, topic, 2)


def test_removed_reply_is_not_counted_for_staff(topic, ben, mia, sign_in):
    remove_post(post=reply_to(topic, ben), by=mia, reason="Rude.")
    assert count_new_replies(sign_in(mia), topic, 2) == 0


def test_new_replies_page_shows_only_new_replies(open_form, topic, ben):
    client, _ = open_form
    post = reply_to(topic, ben, "It is **mended**.")
    page = client.get(f"{topic.url_for('since')}?seen=2").text
    assert "<strong>mended</strong>" in page
    assert post.get_absolute_url() in page
    assert "Here too." not in page


def test_new_replies_page_of_a_hidden_section_returns_404(open_form, topic, ben):
    client, _ = open_form
    reply_to(topic, ben)
    Section.objects.update(read_by=Section.Audience.STAFF)
    assert client.get(f"{topic.url_for('since')}?seen=2").status_code == 404
