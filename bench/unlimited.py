"""Belfry without the limit on one member's replies, since here a few hundred members reply like thousands."""

from dataclasses import replace

from config.rsgi import application

WITHOUT_END = 10**9

__all__ = ["application", "lift_limit"]


def lift_limit() -> None:
    """The count is still stored and read as usual, but is never too high."""
    from forum.antispam import check  # Django is not ready earlier

    check.POST_LIMIT = replace(check.POST_LIMIT, most=WITHOUT_END)


lift_limit()
