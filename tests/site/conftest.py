"""Fixtures that several folders of tests share."""

from tests.support.site_fixtures import _made_once, front, stored, visitor, world  # noqa: F401
