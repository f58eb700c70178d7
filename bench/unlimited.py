"""Belfry without the limit on one member's replies, since here a few hundred members reply like thousands."""

from config.rsgi import application

WITHOUT_END = 10**9

__all__ = ["application", "lift_limit"]


def lift_limit() -> None:
    """The count is still stored and read as usual, but is never too high."""
    from accounts.rate_limiting import limits as rate_limits  # Django is not ready earlier

    rate_limits.POSTS = rate_limits.Limit(rate_limits.POSTS.act, WITHOUT_END, rate_limits.POSTS.seconds)


lift_limit()
