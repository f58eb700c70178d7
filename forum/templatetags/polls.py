"""How votes stand."""

from django import template

from forum.models import Poll, PollOption

register = template.Library()


@register.filter
def share_of(option: PollOption, poll: Poll) -> int:
    """Of those who vote, how many in a hundred vote for it."""
    return round(100 * option.votes / poll.voters) if poll.voters else 0


@register.filter
def voting_unnamed(option: PollOption) -> int:
    """How many vote for it whose names are not here."""
    return option.votes - len(option.voted_by)
