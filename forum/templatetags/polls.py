"""Results of a poll."""

from django import template

from forum.models import Poll
from forum.polls.polls import ShownOption

register = template.Library()


@register.filter
def share_of(option: ShownOption, poll: Poll) -> int:
    """Returns the percentage of voters who voted for the option."""
    return round(100 * option.votes / poll.voters) if poll.voters else 0


@register.filter
def voting_unnamed(option: ShownOption) -> int:
    """Returns how many of those who voted for the option are not named."""
    return option.votes - len(option.voted_by)
