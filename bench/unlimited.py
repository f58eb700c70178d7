"""Belfry as people run it, but for how often one member may reply: a few hundred members here reply as thousands."""

from config.rsgi import application

WITHOUT_END = 10**9

__all__ = ["application", "lift_limit"]


def lift_limit() -> None:
    """The count is still kept and read, as ever; it is only never too high."""
    from accounts.rate_limiting import limits as rate_limits  # Django is ready only now

    rate_limits.POSTS = rate_limits.Limit(rate_limits.POSTS.act, WITHOUT_END, rate_limits.POSTS.seconds)


lift_limit()
