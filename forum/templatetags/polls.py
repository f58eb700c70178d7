"""How votes stand."""

from django import template

from forum.models import Poll
from forum.polls.polls import ShownOption

register = template.Library()


@register.filter
def share_of(option: ShownOption, poll: Poll) -> int:
    """Of those who vote, how many in a hundred vote for it."""
    return round(100 * option.votes / poll.voters) if poll.voters else 0


@register.filter
def voting_unnamed(option: ShownOption) -> int:
    """How many vote for it whose names are not here."""
    return option.votes - len(option.voted_by)
