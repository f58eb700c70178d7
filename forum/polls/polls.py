"""The poll of an original post: creating and showing it. Voting is in forum/polls/vote.py."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.template.loader import render_to_string

from accounts.models import Person
from core.web.page_slots import Filler, fill_slots_with
from forum.access import permissions
from forum.models import PendingPost, Poll, PollOption, Post, Topic
from forum.web.name_lists import NamedMember

NAMES_SHOWN = 50  # of the voters for one option


@dataclass(frozen=True)
class PollTerms:
    """The terms of a new poll. `days`: how long it is open; None means as long as its topic."""

    options: tuple[str, ...]
    question: str = ""
    is_multiple: bool = False
    is_secret: bool = False
    days: int | None = None


def create_poll(topic: Topic, terms: PollTerms, *, at: datetime) -> Poll:
    """Creates the poll. Call it in the transaction that creates the topic: polls are never added or changed later."""
    poll = _poll_of(topic, terms, at)
    poll.save(force_insert=True)
    PollOption.objects.bulk_create(
        PollOption(poll=poll, position=position, text=text) for position, text in enumerate(terms.options, 1)
    )
    return poll


def terms_of(topic: Topic) -> PollTerms | None:
    """Returns the terms of the topic’s poll; None without one."""
    if not topic.has_poll:
        return None
    poll = topic.poll
    return PollTerms(
        tuple(poll.options.order_by("position").values_list("text", flat=True)),
        poll.question,
        poll.is_multiple,
        poll.is_secret,
        (poll.closes_at - topic.started_at).days if poll.closes_at else None,
    )


def terms_of_pending(pending: PendingPost) -> PollTerms | None:
    """Returns the terms of the poll of a topic awaiting approval; None without one."""
    if not pending.poll:
        return None
    return PollTerms(**{**pending.poll, "options": tuple(pending.poll["options"])})


def preview_poll(terms: PollTerms, *, at: datetime) -> "Ballot":
    """Returns a preview of the poll, without votes."""
    # There are no rows, so numbers serve as keys.
    options = tuple(ShownOption(number, text) for number, text in enumerate(terms.options, 1))
    poll = ShownPoll(_poll_of(Topic(), terms, at), options)
    return Ballot(poll, frozenset(), is_over=False, may_vote=True, might_sign_in=False, is_draft=True)


def _poll_of(topic: Topic, terms: PollTerms, at: datetime) -> Poll:
    return Poll(
        topic=topic,
        question=terms.question,
        is_multiple=terms.is_multiple,
        is_secret=terms.is_secret,
        closes_at=at + timedelta(days=terms.days) if terms.days else None,
    )


@dataclass(frozen=True)
class ShownOption:
    pk: int
    text: str
    votes: int = 0
    voted_by: tuple[NamedMember, ...] = ()  # the first of its voters, unless the poll is secret


@dataclass(frozen=True)
class ShownPoll:
    """A poll with its options in their order, as a page shows it."""

    poll: Poll
    options: tuple[ShownOption, ...]

    @property
    def names_voters(self) -> bool:
        return bool(self.poll.voters) and not self.poll.is_secret

    def without_names(self) -> "ShownPoll":
        return ShownPoll(self.poll, tuple(replace(option, voted_by=()) for option in self.options))


def shown_poll(topic: Topic, posts: Iterable[Post]) -> ShownPoll | None:
    """Returns the topic’s poll if these posts include its original post and that is not removed."""
    if not topic.has_poll or not any(post.is_original and not post.is_removed for post in posts):
        return None
    poll = topic.poll
    names = _who_votes(poll) if poll.voters and not poll.is_secret else {}
    options = poll.options.order_by("position").values_list("pk", "text", "votes")
    return ShownPoll(poll, tuple(ShownOption(*option, tuple(names.get(option[0], ()))) for option in options))


# Reads only so many rows, however many voted for an option.
VOTERS_SQL = """
SELECT option.id, member.name FROM forum_polloption AS option
 CROSS JOIN LATERAL (SELECT * FROM forum_vote WHERE option_id = option.id ORDER BY id LIMIT %s) AS vote
  JOIN accounts_user AS member ON member.id = vote.member_id
 WHERE option.poll_id = %s
 ORDER BY option.id, vote.id
"""


def _who_votes(poll: Poll) -> dict[int, list[NamedMember]]:
    """Returns the first voters by option id."""
    members = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(VOTERS_SQL, [NAMES_SHOWN, poll.pk])
        for pk, name in cursor.fetchall():
            members[pk].append(NamedMember(name))
    return members


def changes_at(shown: ShownPoll | None) -> datetime | None:
    """Returns when a page with this poll changes by itself. Call it before the page is rendered."""
    return shown.poll.closes_at if shown and not shown.poll.is_over() else None


@dataclass(frozen=True)
class Ballot:
    """A poll as one reader sees it now."""

    shown: ShownPoll
    chosen: frozenset[int]  # the options that they voted for
    is_over: bool
    may_vote: bool
    might_sign_in: bool  # a guest, if members can vote
    is_draft: bool = False  # its topic is still being written

    @property
    def poll(self) -> Poll:
        return self.shown.poll

    @property
    def allows_several(self) -> bool:
        return self.poll.is_multiple and self.may_vote

    @property
    def topic(self) -> Topic:
        return self.poll.topic


def ballot(shown: ShownPoll, original: Post, person: Person, chosen: frozenset[int]) -> Ballot:
    is_over = shown.poll.is_over()
    is_open = not (is_over or original.topic.is_closed or original.topic.section.is_archived)
    return Ballot(
        shown=shown,
        chosen=chosen,
        is_over=is_over,
        may_vote=not is_over and permissions.can_vote(person, original),
        might_sign_in=is_open and not person.is_authenticated,
    )


def option_on(ballot: Ballot, pk: int) -> str:
    """Returns an option, with its control if the reader can vote."""
    option = next(option for option in ballot.shown.options if option.pk == pk)
    context = {"ballot": ballot, "option": option, "is_chosen": pk in ballot.chosen}
    return render_to_string("forum/polls/poll_option.html", context)


def foot_of(ballot: Ballot, csrf_token: Any) -> str:
    """Returns the vote button, or why there is none."""
    return render_to_string("forum/polls/poll_foot.html", {"ballot": ballot, "csrf_token": csrf_token})


def fillers(ballot: Ballot, csrf_token: Callable[[], Any]) -> dict[str, Filler]:
    """Returns what fills the slots of poll.html for this reader. A token is made only for a reader who has a button."""
    return {
        "option": lambda pk: option_on(ballot, int(pk)),
        "ballot": lambda _: foot_of(ballot, csrf_token() if ballot.may_vote else ""),
    }


def render(ballot: Ballot, csrf_token: Any) -> str:
    """Returns only the poll, as one reader sees it."""
    with fill_slots_with(fillers(ballot, lambda: csrf_token)):
        return render_to_string("forum/polls/poll.html", {"shown": ballot.shown})
