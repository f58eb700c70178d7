"""Fixtures that several folders of tests share."""

from tests.support.site_fixtures import _shared_world, front, make_front, visitor, world  # noqa: F401
