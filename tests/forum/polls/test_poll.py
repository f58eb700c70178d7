"""Polls: created with a topic, shown to all, secret where they say so. Voting is in test_vote.py."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.profile import rename as profile_rename
from forum.models import Draft, Poll, PollOption, Topic, Vote
from forum.polls.polls import NAMES_SHOWN, shown_poll
from forum.polls.vote import vote
from forum.thanks.thank import thank_post
from tests.conftest import make_user
from tests.forum.drafts.test_drafts import form_of

pytestmark = pytest.mark.django_db


def read(client, topic) -> str:
    return client.get(topic.get_absolute_url()).text


def create_topic(client, section, **fields):
    said = {"title": "What do you drink?", "body": "Say.", "submission_key": uuid4(), **fields}
    return client.post(f"/s/{section.slug}/new/", said)


class TestCreate:
    def test_poll_is_created_with_its_topic(self, talk, ada, sign_in):
        options = "  Tea \r\n\r\nCoffee, black\r\n"
        assert (
            create_topic(sign_in(ada), talk, poll_options=options, poll_question="Well?").status_code == 302
        )
        poll = Poll.objects.get()
        assert list(poll.options.order_by("position").values_list("position", "text")) == [
            (1, "Tea"), (2, "Coffee, black")
        ]  # fmt: skip
        assert (poll.question, poll.is_multiple, poll.is_secret, poll.closes_at) == (
            "Well?",
            False,
            False,
            None,
        )

    def test_poll_can_be_multiple_choice_and_secret_with_an_end_date(self, talk, ada, sign_in):
        fields = {"poll_multiple": "several", "poll_secret": "secret", "poll_days": "7"}
        create_topic(sign_in(ada), talk, poll_options="a\nb", **fields)
        poll = Poll.objects.get()
        assert (poll.is_multiple, poll.is_secret) == (True, True)
        assert poll.closes_at == poll.topic.started_at + timedelta(days=7)

    def test_topic_without_poll_options_has_no_poll(self, talk, ada, sign_in):
        assert create_topic(sign_in(ada), talk, poll_days="7", poll_options=" \n ").status_code == 302
        assert not Poll.objects.exists()

    def test_resubmitted_form_creates_one_poll(self, talk, ada, sign_in):
        client, key = sign_in(ada), uuid4()
        for _ in range(2):
            create_topic(client, talk, poll_options="a\nb", submission_key=key)
        assert Poll.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"poll_options": "Only one"}, "at least two options"),
            ({"poll_question": "Which?"}, "at least two options"),
            ({"poll_options": "\n".join("abcdefghijk")}, "at most 10 options; yours has 11"),
            ({"poll_options": "Tea\ntea"}, "Two options are the same"),
            ({"poll_options": "a\n" + "x" * 101}, "at most 100 characters"),
            ({"poll_options": "a\n" + "x" * 2_001}, "All options together"),
            ({"poll_options": "a\nb", "poll_question": "x" * 151}, "at most 150 characters"),
            ({"poll_options": "a\nb", "poll_days": "9"}, "Select a valid choice"),
        ],
    )
    def test_invalid_poll_shows_the_error_and_preserves_all_fields(self, talk, ada, sign_in, fields, words):
        fields = {"poll_multiple": "several", "poll_secret": "secret", **fields}
        answer = create_topic(sign_in(ada), talk, body="My long text", **fields)
        page = answer.text
        assert answer.status_code == 422
        assert words in page
        assert not Topic.objects.exists()
        assert '<details class="add-poll" open>' in page
        said = form_of(page)
        assert (said["title"], said["body"]) == ("What do you drink?", "My long text")
        assert said["poll_options"] == fields.get("poll_options", "")
        assert said["poll_question"] == fields.get("poll_question", "")
        assert '<option value="several" selected>' in page
        assert '<option value="secret" selected>' in page

    def test_poll_form_is_collapsed_in_new_topics_and_absent_in_replies(self, talk, topic, ada, sign_in):
        client = sign_in(ada)
        assert '<details class="add-poll">' in client.get("/s/talk/new/").text
        assert "add-poll" not in client.get(topic.url_for("reply")).text

    def test_preview_preserves_the_poll_fields(self, talk, ada, sign_in):
        said = {"place": f"topic:{talk.pk}", "title": "T", "body": "b", "submission_key": uuid4()}
        poll = {"poll_options": "a\nb", "poll_question": "Which?", "poll_days": "3", "poll_secret": "secret"}
        page = sign_in(ada).post("/preview/", said | poll).text
        assert form_of(page)["poll_options"] == "a\nb"
        assert form_of(page)["poll_question"] == "Which?"
        assert '<option value="3" selected>' in page
        assert '<option value="secret" selected>' in page

    def test_draft_stores_the_poll_and_is_deleted_on_posting(self, talk, ada, sign_in):
        client = sign_in(ada)
        said = {"place": f"topic:{talk.pk}", "poll_options": " a \n", "poll_multiple": "several"}
        assert client.post("/drafts/save/", said).status_code == 302
        draft = Draft.objects.get()
        assert draft.poll == {"poll_options": " a \n", "poll_multiple": "several"}
        page = client.get("/s/talk/new/").text
        assert form_of(page)["poll_options"] == " a \n"
        assert '<option value="several" selected>' in page
        assert "<p>a" in client.get(f"/drafts/{draft.pk}/").text.replace("<p> a", "<p>a")
        create_topic(client, talk, poll_options="a\nb", draft=draft.version)
        assert not Draft.objects.exists()
        assert Poll.objects.count() == 1

    def test_poll_duration_alone_creates_no_draft(self, talk, ada, sign_in):
        sign_in(ada).post("/drafts/save/", {"place": f"topic:{talk.pk}", "poll_days": "7"})
        assert not Draft.objects.exists()


class TestVoterNames:
    def test_public_poll_shows_the_names_of_voters(self, polled, tea, cleo, guest):
        vote(topic=polled, by=cleo, options=[tea.pk])
        assert "Who voted for what</summary>" in read(guest, polled)
        assert '<a href="/u/cleo/"><bdi>cleo</bdi></a>' in read(guest, polled)
        profile_rename.rename(by=cleo, name="cleopatra")
        assert "cleopatra" in read(guest, polled)

    @pytest.mark.slow
    def test_secret_poll_shows_names_of_voters_to_nobody(
        self, polled, tea, ada, ben, cleo, mia, noor, sign_in
    ):
        Poll.objects.update(is_secret=True)
        vote(topic=polled, by=cleo, options=[tea.pk])
        for reader in (None, ada, ben, mia, noor):
            page = read(sign_in(reader), polled)
            assert "cleo" not in page
            assert "Who voted" not in page
            assert "checked" not in page.split('class="poll"')[1].split("</section>")[0]
        assert "checked" in read(sign_in(cleo), polled).split('class="poll"')[1]  # their own
        for desk in ("/moderation/log/", "/moderation/", f"/manage/members/{cleo.pk}/", "/u/cleo/"):
            assert "voted" not in sign_in(noor).get(desk).text

    def test_public_poll_shows_at_most_fifty_names(self, polled, tea, guest):
        members = [make_user(f"m{number}") for number in range(NAMES_SHOWN + 3)]
        Vote.objects.bulk_create(
            Vote(poll=polled.poll, option=tea, member=m, is_single_choice=True) for m in members
        )
        PollOption.objects.filter(pk=tea.pk).update(votes=len(members))
        Poll.objects.update(voters=len(members))
        page = read(guest, polled)
        assert page.count('<a href="/u/m') == NAMES_SHOWN
        assert "<span>and 3 more</span>" in page

    @pytest.mark.parametrize(("is_secret", "names"), [(False, ["cleo"]), (True, [])])
    def test_shown_poll_has_names_only_if_public_and_can_omit_them(self, polled, tea, cleo, is_secret, names):
        vote(topic=polled, by=cleo, options=[tea.pk])
        Poll.objects.update(is_secret=is_secret)
        topic = Topic.objects.with_state().get()
        posts = list(topic.posts.on_page(1).with_details())
        shown = shown_poll(topic, posts)
        assert [member.name for member in shown.options[0].voted_by] == names
        assert shown.without_names().options[0].voted_by == ()


def count_queries(client, topic, page="") -> int:
    client.get(topic.get_absolute_url() + page)
    with CaptureQueriesContext(connection) as captured:
        client.get(topic.get_absolute_url() + page)
    return len(captured)


@pytest.mark.slow
def test_poll_costs_a_member_one_query_and_only_on_its_page(topic, polled, tea, ben, cleo, mia, sign_in):
    client = sign_in(cleo)
    without = count_queries(client, topic)
    assert count_queries(client, polled) == without + 1
    for by in (ben, cleo, mia):
        vote(topic=polled, by=by, options=[tea.pk])
    thank_post(post=polled.posts.get(), by=mia)
    assert count_queries(client, polled) == without + 2 <= 6
    assert count_queries(sign_in(None), polled) == count_queries(sign_in(None), topic)
    Topic.objects.filter(pk=polled.pk).update(last_position=21, version=99)
    assert count_queries(client, polled, "?page=2") == without
