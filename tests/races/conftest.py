"""Attachments made during a race."""

from tests.support.attachments import attach, attachment_dir  # noqa: F401 - fixtures
