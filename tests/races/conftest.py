"""Attachments made during a race."""

from tests.support.attachments import attach, kept_in  # noqa: F401 - fixtures
