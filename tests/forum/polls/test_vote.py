"""Voting in a poll: counted, changed and retracted until it closes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import LogEntry
from accounts.rate_limiting import rate_counter
from config.backup.check_counters import faults
from forum.access import permissions
from forum.access.errors import NotAllowed, PollClosed, TopicIsClosed
from forum.models import Poll, PollOption, Post, Section, Topic, Vote
from forum.polls import vote as vote_module
from forum.polls.polls import PollTerms
from forum.polls.vote import retract_vote, vote, votes_of
from moderation.posts.remove import remove_post, restore_post
from moderation.topics.close import close_topic
from tests.conftest import offers, start
from tests.forum.polls.test_poll import read

pytestmark = pytest.mark.django_db


def send(client, topic, *options, act="vote"):
    return client.post(topic.url_for(act), {"option": list(options)})


def vote_counts() -> dict[str, int]:
    return dict(PollOption.objects.values_list("text", "votes"))


class TestVote:
    def test_vote_is_counted_and_shown(self, polled, tea, cleo, sign_in, guest):
        client = sign_in(cleo)
        assert offers(client.get(polled.get_absolute_url()), "vote")
        assert send(client, polled, tea.pk)["Location"] == f"{polled.get_absolute_url()}#voting"
        assert vote_counts() == {"Tea": 1, "Coffee": 0, "Water": 0}
        assert Poll.objects.get().voters == 1
        page = read(client, polled)
        assert f'value="{tea.pk}" form="vote" checked' in " ".join(page.split())
        assert offers(client.get(polled.get_absolute_url()), "unvote")
        assert '<b class="num">1</b> <span class="num">100&nbsp;%' in " ".join(read(guest, polled).split())

    def test_vote_can_be_changed_and_retracted(self, polled, tea, coffee, cleo, sign_in):
        client = sign_in(cleo)
        send(client, polled, tea.pk)
        send(client, polled, coffee.pk)
        assert vote_counts() == {"Tea": 0, "Coffee": 1, "Water": 0}
        assert send(client, polled, act="unvote").status_code == 302
        assert vote_counts() == {"Tea": 0, "Coffee": 0, "Water": 0}
        assert (Vote.objects.count(), Poll.objects.get().voters, faults()) == (0, 0, [])

    def test_repeated_vote_or_retraction_changes_nothing(self, polled, tea, cleo):
        version = Topic.objects.get().version
        assert [vote(topic=polled, by=cleo, options=[tea.pk]) for _ in range(3)] == [True, False, False]
        assert [retract_vote(topic=polled, by=cleo) for _ in range(3)] == [True, False, False]
        assert Topic.objects.get().version == version + 2

    def test_multiple_choice_poll_accepts_several_options(self, polled, tea, coffee, cleo, sign_in):
        Poll.objects.update(is_multiple=True)
        client = sign_in(cleo)
        assert 'type="checkbox" name="option"' in read(client, polled)
        send(client, polled, tea.pk, coffee.pk)
        assert vote_counts() == {"Tea": 1, "Coffee": 1, "Water": 0}
        send(client, polled, coffee.pk)
        assert vote_counts() == {"Tea": 0, "Coffee": 1, "Water": 0}
        assert (Poll.objects.get().voters, faults()) == (1, [])

    def test_vote_is_not_logged(self, polled, tea, mia):
        vote(topic=polled, by=mia, options=[tea.pk])
        assert not LogEntry.objects.exists()


class TestRejected:
    @pytest.mark.parametrize(
        ("chosen", "words"),
        [
            ([], "Choose an option."),
            ([0], "That option isn’t part of this poll"),
            (["x"], "That option isn’t part of this poll"),
            (["9" * 30], "That option isn’t part of this poll"),
            (["Tea", "Coffee"], "Choose only one option."),
        ],
    )
    def test_invalid_choice_is_rejected_with_an_error_message(self, polled, cleo, sign_in, chosen, words):
        pks = dict(PollOption.objects.values_list("text", "pk"))
        answer = send(sign_in(cleo), polled, *[pks.get(one, one) for one in chosen])
        assert answer.status_code == 422
        assert words in answer.text
        assert answer.text.count('type="radio"') == 3
        assert not Vote.objects.exists()

    def test_option_of_another_poll_is_rejected(self, talk, polled, tea, ada, cleo, sign_in):
        other = start(talk, ada, "Another", poll=PollTerms(("A", "B"))).poll.options.first()
        assert send(sign_in(cleo), polled, other.pk).status_code == 422
        assert not Vote.objects.exists()
        vote(topic=polled, by=cleo, options=[tea.pk])
        with pytest.raises(ValueError, match="another poll"):
            vote(topic=polled, by=cleo, options=[other.pk])
        assert Vote.objects.get().option == tea

    def test_vote_and_retraction_in_a_closed_topic_are_rejected(self, polled, tea, cleo, mia, sign_in):
        vote(topic=polled, by=cleo, options=[tea.pk])
        close_topic(topic=polled, by=mia, reason="Decided.")
        client = sign_in(cleo)
        for act in ("vote", "unvote"):
            answer = send(client, polled, tea.pk, act=act)
            assert answer.status_code == 409
            assert "This topic is closed" in answer.text
            assert "kept_option" not in answer.text
        page = read(client, polled)
        assert "Closed with the topic, " in page
        assert "Your vote</span>" in page
        assert 'data-act="vote"' not in page
        assert vote_counts()["Tea"] == 1
        with pytest.raises(TopicIsClosed):
            retract_vote(topic=polled, by=cleo)

    @pytest.mark.slow
    def test_vote_and_retraction_after_the_end_date_are_rejected(self, polled, tea, cleo, sign_in):
        client = sign_in(cleo)
        Poll.objects.update(closes_at=timezone.now() + timedelta(seconds=60))
        assert "Open until <time" in read(client, polled)
        assert send(client, polled, tea.pk).status_code == 302
        assert "Open until <time" in read(client, polled)
        # The clock moving on does not change the page's version.
        polled.refresh_from_db()
        later = timezone.now() + timedelta(seconds=61)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timezone, "now", lambda: later)
            page = read(client, polled)
            assert "Closed <time" in page
            assert 'data-act="vote"' not in page
            for act in ("vote", "unvote"):
                answer = send(client, polled, tea.pk, act=act)
                assert (answer.status_code, vote_counts()["Tea"]) == (409, 1)
                assert "This poll is closed" in answer.text
            with pytest.raises(PollClosed):
                vote(topic=polled, by=cleo, options=[tea.pk])

    def test_vote_where_the_member_cannot_reply_is_rejected(self, polled, tea, cleo, sign_in):
        for rule in ({"archived_at": timezone.now()}, {"archived_at": None, "reply_by": "staff"}):
            Section.objects.update(**rule)
            assert send(sign_in(cleo), polled, tea.pk).status_code == 403
            assert 'data-act="vote"' not in read(sign_in(cleo), polled)
        assert not Vote.objects.exists()

    def test_vote_in_an_unreadable_section_is_rejected(self, polled, tea, cleo, sign_in):
        Section.objects.update(read_by=Section.Audience.STAFF)
        for act in ("vote", "unvote"):
            assert send(sign_in(cleo), polled, tea.pk, act=act).status_code == 404
        with pytest.raises(NotAllowed):
            vote(topic=polled, by=cleo, options=[tea.pk])

    def test_vote_in_a_topic_without_a_poll_is_rejected(self, topic, cleo, sign_in):
        assert send(sign_in(cleo), topic, 1).status_code == 404
        with pytest.raises(NotAllowed):
            vote(topic=topic, by=cleo, options=[1])

    def test_vote_by_an_inactive_account_is_rejected(self, polled, tea, cleo):
        cleo.is_active = False
        with pytest.raises(NotAllowed):
            vote(topic=polled, by=cleo, options=[tea.pk])

    def test_guest_cannot_vote_and_is_asked_to_sign_in(self, polled, tea, guest):
        assert send(guest, polled, tea.pk).status_code == 403
        page = read(guest, polled)
        assert "Sign in to vote" in page
        assert 'name="option"' not in page
        assert not Vote.objects.exists()

    @pytest.mark.slow
    def test_poll_of_a_removed_original_post_is_hidden_and_rejects_votes(
        self, polled, tea, cleo, mia, sign_in
    ):
        remove_post(post=polled.posts.get(), by=mia, reason="Spam.")
        for person in (cleo, mia):
            assert 'class="poll"' not in read(sign_in(person), polled)
            assert send(sign_in(person), polled, tea.pk).status_code == 403
        restore_post(post=polled.posts.get(), by=mia)
        assert send(sign_in(cleo), polled, tea.pk).status_code == 302

    @pytest.mark.usefixtures("in_one_slot")
    def test_vote_over_the_rate_limit_is_rejected(self, polled, tea, coffee, cleo, sign_in, monkeypatch):
        monkeypatch.setattr(vote_module, "VOTE_LIMIT", rate_counter.Limit("vote", 1, 3600))
        client = sign_in(cleo)
        assert send(client, polled, tea.pk).status_code == 302
        answer = send(client, polled, coffee.pk)
        assert (answer.status_code, vote_counts()["Tea"]) == (429, 1)

    def test_multiple_choice_vote_over_the_rate_limit_cannot_be_sent_again(
        self, polled, tea, coffee, cleo, sign_in, monkeypatch
    ):
        Poll.objects.update(is_multiple=True)
        monkeypatch.setattr(vote_module, "VOTE_LIMIT", rate_counter.Limit("vote", 0, 3600))
        client = sign_in(cleo)
        answer = send(client, polled, tea.pk, coffee.pk)
        assert answer.status_code == 429
        assert not offers(answer, "send-again")
        assert offers(send(client, polled, tea.pk), "send-again")  # the control

    def test_vote_button_matches_can_vote(self, polled, ada, cleo, mia, sign_in):
        original = Post.objects.get(topic=polled)
        for person in (AnonymousUser(), ada, cleo, mia):
            client = sign_in(person if person.is_authenticated else None)
            assert permissions.can_vote(person, original) is person.is_authenticated
            assert offers(client.get(polled.get_absolute_url()), "vote") is person.is_authenticated


def test_counter_check_detects_wrong_vote_counts(polled, tea, cleo):
    vote(topic=polled, by=cleo, options=[tea.pk])
    assert faults() == []
    PollOption.objects.filter(pk=tea.pk).update(votes=5)
    Poll.objects.update(voters=5)
    Vote.objects.update(is_single_choice=False)
    assert len(faults()) == 3


def test_votes_of_returns_only_own_votes(polled, tea, cleo, ben):
    vote(topic=polled, by=cleo, options=[tea.pk])
    assert votes_of(cleo, polled.poll) == {tea.pk}
    assert votes_of(ben, polled.poll) == votes_of(AnonymousUser(), polled.poll) == frozenset()
